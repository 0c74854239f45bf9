"""Twilio's webhooks about a caller who is put through to a person."""

import logging

from django.http import HttpRequest

from telephony_app.calls import transfers
from telephony_app.calls.opening import end_call
from telephony_app.models import Call, Cause, State
from telephony_app.twilio import answers, reports, twiml
from telephony_app.twilio.reports import Form
from telephony_app.twilio.sender import Sender
from telephony_app.twilio.views import from_twilio, told_by_twilio

logger = logging.getLogger(__name__)
SOURCE = "twilio"
WHY = {
    "busy": "The line was busy.",
    "no-answer": "Nobody picked up.",
    "failed": "The number could not be called.",
}


@told_by_twilio
def answered(request: HttpRequest, sender: Sender) -> str:
    """The person picked up. Nobody reads the answer."""
    form = request.POST
    call = sender.call(form["ParentCallSid"])
    if call and form["CallStatus"] == "in-progress":
        transfers.take_over(call, source=SOURCE)
    return twiml.nothing()


@from_twilio
def done(request: HttpRequest, sender: Sender) -> str:
    """The person's line is closed, or was never answered."""
    call = sender.call(request.POST["CallSid"])
    if call is None:
        return twiml.hang_up()
    if reports.was_reached(request.POST):
        transfers.take_over(call, source=SOURCE)
        return twiml.hang_up()
    if reports.is_over(request.POST):
        end_call(call, Cause.CALLER_HUNG_UP, source=SOURCE)
        transfers.close_room(call)
        return twiml.hang_up()
    return _back(call, request.POST)


def _back(call: Call, form: Form) -> str:
    """The caller is still there: back to the agent, or told why there is none."""
    status = form.get("DialCallStatus", "")
    transfers.come_back(call, WHY.get(status, status), source=SOURCE)
    if call.state == State.ENDED:
        return answers.after_person(call, was_reached=False)
    return answers.to_agent(call)


@from_twilio
def refer(request: HttpRequest, sender: Sender) -> str:
    """The SIP bridge asks to send the caller to somebody: to whom the call's tool put
    the caller through, and nobody else."""
    call = sender.call(request.POST["CallSid"])
    if call is None:
        return twiml.hang_up()
    target = request.POST.get("ReferTransferTarget", "")
    if call.is_being_transferred and _address(target) == _address(call.transferred_to):
        return twiml.put_through(call, call.transferred_to)
    logger.error("call %s was to be sent to somebody unknown", call.pk)
    transfers.come_back(call, "The target was not the one chosen.", source=SOURCE)
    return answers.to_agent(call)


def _address(target: str) -> str:
    """A number, or SIP's `user@host`, of whatever form Twilio tells it in:
    `<tel:+15550001111>`, `sip:+15550001111@sip.twilio.com;transport=tls`."""
    bare = target.strip().strip("<>").partition(";")[0]
    scheme, _, rest = bare.rpartition(":")
    user, _, _host = rest.partition("@")
    return user if user.startswith("+") or scheme == "tel" else rest
