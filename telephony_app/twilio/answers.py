"""What becomes of a caller, by the row of the call: the agent, a person, or words."""

import logging
from datetime import timedelta

from django.utils import timezone

from agents_app.config import AgentConfig
from telephony_app.calls import transfers
from telephony_app.e164 import masked
from telephony_app.models import (
    Call,
    CallEvent,
    Cause,
    PhoneNumber,
    SipBridge,
    State,
)
from telephony_app.outbound.rules import NotAllowed
from telephony_app.twilio import twiml
from telephony_app.twilio.apologies import config_of, refusal

logger = logging.getLogger(__name__)

# Twilio asks again within seconds; what comes later is somebody else's copy.
REPEATED_WITHIN = timedelta(minutes=2)
# Who was taken leave of, or sent elsewhere.
PARTED = {
    Cause.STAFF_ENDED,
    Cause.TRANSFERRED,
    Cause.VOICEMAIL,
    Cause.AGENT_HUNG_UP,
    Cause.SILENCE,
    Cause.MAX_LENGTH,
}
# Not worth a call of our own.
NOT_FORWARDED = {Cause.DECLINED, Cause.STAFF_ENDED}


def to_incoming(call: Call, bridge: SipBridge | None = None) -> str:
    """The answer to a call that comes in, and the same to a repeated request."""
    if call.created_at < timezone.now() - REPEATED_WITHIN:
        return twiml.say(refusal(call))
    if call.state != State.ENDED:
        return to_agent(call, bridge)
    was_put_through = call.dispatches and call.cause != Cause.LIVEKIT_UNREACHABLE
    return twiml.say(refusal(call)) if was_put_through else to_somebody_else(call)


def to_agent(call: Call, bridge: SipBridge | None = None) -> str:
    """Ring the agent by the bridge, which is read where it is not known. Settings that
    are not usable any more are the worker's to see: it apologizes, and says why in the
    row."""
    config = config_of(call) or AgentConfig(name="nobody")
    return twiml.connect(call, config, bridge or SipBridge.current())


def to_somebody_else(call: Call) -> str:
    """No agent can: ring the person who is named for that, else say why."""
    number = None if call.cause in NOT_FORWARDED else call.phone_number
    person = person_of(number)
    if not person:
        return twiml.say(refusal(call))
    try:
        transfers.forward(call, person, source="twilio")
    except NotAllowed as refused:
        logger.warning("call %s is not forwarded: %s", call.pk, refused)
        return twiml.say(refusal(call))
    return twiml.forward(person)


def after_agent(call: Call) -> str:
    """The agent's line is closed, or was never answered, and the caller is still there:
    whoever was not taken leave of must not be dropped without a word."""
    if call.cause in PARTED or _worker_apologized(call):
        return twiml.hang_up()
    return to_somebody_else(call)


def after_person(call: Call, *, was_reached: bool) -> str:
    """The person's line is closed, or was never answered."""
    return twiml.hang_up() if was_reached else twiml.say(refusal(call))


def person_of(number: PhoneNumber | None) -> str:
    """Who takes a number's calls when no agent can; empty where nobody is named, or
    somebody whom the organization may not call."""
    if number is None or not number.is_active or not number.forward_to:
        return ""
    try:
        transfers.check_target(number.organization_id, number.forward_to)
    except NotAllowed:
        words = "calls of number %s are not forwarded to %s: it may not be called"
        logger.error(words, number.pk, masked(number.forward_to))
        return ""
    return number.forward_to


def _worker_apologized(call: Call) -> bool:
    """A job that ends a call for a failure tells the caller first."""
    if not (call.cause and Cause(call.cause).is_failure):
        return False
    ends = call.events.filter(kind=CallEvent.Kind.ENDED, cause=call.cause)
    return ends.filter(source="worker").exists()
