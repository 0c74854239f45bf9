"""A call and what is kept of it; the workers that carry calls; numbers and accounts."""

from telephony_app.models.call import FAILURES, Call, CallQuerySet, Cause, State
from telephony_app.models.calling_policy import CallingPolicy
from telephony_app.models.event import CallEvent
from telephony_app.models.phone_number import PhoneNumber
from telephony_app.models.recording import Recording
from telephony_app.models.sip_bridge import SipBridge
from telephony_app.models.turn import Turn
from telephony_app.models.twilio_account import TwilioAccount
from telephony_app.models.worker import HEARTBEAT_FRESH, WorkerHeartbeat, WorkerQuerySet

__all__ = [
    "FAILURES",
    "HEARTBEAT_FRESH",
    "Call",
    "CallEvent",
    "CallQuerySet",
    "CallingPolicy",
    "Cause",
    "PhoneNumber",
    "Recording",
    "SipBridge",
    "State",
    "Turn",
    "TwilioAccount",
    "WorkerHeartbeat",
    "WorkerQuerySet",
]
