"""Twilio's webhooks. Each is signed, and answered in TwiML. None that a caller waits
for ends in an error, which Twilio's voice would read out; one that only reports does.
"""

import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from telephony_app import tasks
from telephony_app.calls import inbound
from telephony_app.calls.opening import end_call
from telephony_app.e164 import masked
from telephony_app.models import Call, Cause
from telephony_app.recordings import keeping as recordings
from telephony_app.twilio import answers, reports, twiml
from telephony_app.twilio.apologies import apology
from telephony_app.twilio.sender import Sender, sender_of

logger = logging.getLogger(__name__)
View = Callable[[HttpRequest, Sender], str]
Webhook = Callable[[HttpRequest], HttpResponse]
# Names Twilio's attempts to deliver one webhook.
ATTEMPTS = "I-Twilio-Idempotency-Token"


def from_twilio(view: View) -> Webhook:
    """A webhook that answers in TwiML to who signed the request, and to others 403.
    Where it breaks, the caller on the line hears an apology."""
    return _answering(view, lambda: _xml(twiml.say(apology())))


def told_by_twilio(view: View) -> Webhook:
    """The same for one that only reports. Where it breaks, Twilio gets an error: it
    logs that, and tells again what it was asked to."""
    return _answering(view, lambda: HttpResponse(status=500))


def _answering(view: View, broken: Callable[[], HttpResponse]) -> Webhook:
    @csrf_exempt
    @require_POST
    @sensitive_post_parameters()
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            sender = sender_of(request)
            if sender is None:
                return HttpResponse(status=403)
            return _xml(view(request, sender))
        except Exception:
            logger.exception("%s broke", view.__name__)
            return broken()

    return answered


def _xml(answer: str) -> HttpResponse:
    return HttpResponse(answer, content_type="application/xml")


@from_twilio
def incoming(request: HttpRequest, sender: Sender) -> str:
    """Somebody calls one of our numbers."""
    form = request.POST
    call = inbound.take_call(
        form["CallSid"],
        caller=form.get("From", ""),
        callee=form.get("To", ""),
        number=sender.number,
        organization=sender.account.organization,
    )
    said = call.pk, masked(call.caller), call.cause or "open"
    attempts = request.headers.get(ATTEMPTS, "one")
    logger.info("call %s from %s: %s (attempts %s)", *said, attempts)
    return _answered_or_ended(call, sender)


def _answered_or_ended(call: Call, sender: Sender) -> str:
    """The answer; where it breaks, the row says so, and the caller hears the agent's
    apology."""
    try:
        return answers.to_incoming(call, sender.bridge)
    except Exception as error:
        logger.exception("call %s could not be answered", call.pk)
        end_call(call, Cause.ERROR, source="twilio", detail=type(error).__name__)
        return answers.to_somebody_else(call)


@from_twilio
def dial_done(request: HttpRequest, sender: Sender) -> str:
    """Twilio's call to the agent is over, or was not answered."""
    call = sender.call(request.POST["CallSid"])
    if call is None:
        return twiml.hang_up()
    if call.is_being_transferred and not reports.is_over(request.POST):
        return twiml.put_through(call, call.transferred_to)
    reports.note_dialled(call, request.POST)
    if reports.is_over(request.POST):
        return twiml.hang_up()
    return answers.after_agent(call)


@from_twilio
def forward_done(request: HttpRequest, sender: Sender) -> str:
    """Twilio's call to the person who takes calls instead is over, or not answered."""
    call = sender.call(request.POST["CallSid"])
    if call is None:
        return twiml.hang_up()
    reports.note_forwarded(call, request.POST)
    reached = reports.was_reached(request.POST)
    return answers.after_person(call, was_reached=reached)


@told_by_twilio
def status(request: HttpRequest, sender: Sender) -> str:
    """A leg of a call went on or ended. Nobody reads the answer."""
    form = request.POST
    call = sender.call(form.get("ParentCallSid", form["CallSid"]))
    if call:
        reports.note_status(call, form)
    return twiml.nothing()


@told_by_twilio
def recording(request: HttpRequest, sender: Sender) -> str:
    """Twilio has recorded a call; the sound is fetched by a task."""
    form = request.POST
    call = sender.call(form.get("ParentCallSid", form["CallSid"]))
    if call and form["RecordingStatus"] == "completed":
        seconds = int(form.get("RecordingDuration", 0))
        new = recordings.reported(call, form["RecordingSid"], seconds=seconds)
        if new:
            tasks.fetch_recording.delay(new.pk)
    return twiml.nothing()


@from_twilio
def fallback(request: HttpRequest, sender: Sender) -> str:
    """Twilio got no usable answer from us, and asks a last time."""
    call = sender.call(request.POST["CallSid"])
    error = request.POST.get("ErrorCode", "unknown")
    logger.error("Twilio asks for the fallback, error %s", error)
    if call is None:
        person = answers.person_of(sender.number)
        return twiml.forward(person) if person else twiml.say(apology())
    detail = f"Twilio had no usable answer from us (error {error})."
    end_call(call, Cause.ERROR, source="twilio", detail=detail)
    return answers.after_agent(call)
