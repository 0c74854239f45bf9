"""What the agent form asks for while it is being filled in."""

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from accounts.admin_scope import user_of
from accounts.models import Role
from agents_app import speech, tasks
from agents_app.config import LANGUAGES, VOICES

ASK_AGAIN_SECONDS = 30


def voice_sample(request: HttpRequest) -> HttpResponse:
    """A voice's sample as WAV, or 202 while Celery makes it: ask again in a second.

    `voice` and `language` are names from the config's lists. This process holds no
    synthesizer, so it never makes the sound itself.
    """
    if not user_of(request).has_role(Role.EDITOR):
        raise PermissionDenied
    voice, language = request.GET.get("voice", ""), request.GET.get("language", "")
    if voice not in VOICES or language not in LANGUAGES:
        return HttpResponseBadRequest("Name a voice and a language of the lists.")
    line = speech.sample_line(voice, language)
    if line:
        return HttpResponse(line.wav, content_type="audio/wav")
    if cache.add(f"voice-sample:{voice}:{language}", True, timeout=ASK_AGAIN_SECONDS):
        tasks.make_voice_sample.delay(voice, language)
    return HttpResponse(status=202)
