"""What Celery does for agents: make their speech ahead of the calls."""

from celery import shared_task

from agents_app import speech
from agents_app.models import AgentVersion


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=3)
def make_speech(version_id: int) -> None:
    """Make the lines of one version."""
    speech.make_lines(AgentVersion.objects.get(pk=version_id).config)


@shared_task
def make_missing_speech() -> None:
    """Make what an earlier run did not get done, a lost task for one."""
    for config in speech.usable_configs():
        speech.make_lines(config)


@shared_task
def make_voice_sample(voice: str, language: str) -> None:
    """Make the sentence by which staff choose a voice."""
    speech.make_line(
        speech.SAMPLE_TEXT.format(voice=voice), voice=voice, language=language
    )
