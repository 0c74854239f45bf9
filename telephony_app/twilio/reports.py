"""What Twilio tells of a call's legs becomes events of the call.

The caller's own leg is the parent; each `<Dial>` makes a child. Twilio may report late,
twice and out of order, so every report counts once and none depends on another.
https://www.twilio.com/docs/voice/api/call-resource#statuscallback
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime

from django.utils import timezone

from telephony_app.calls.lifecycle import happened, record
from telephony_app.models import Call, CallEvent, Cause

Form = Mapping[str, str]
Kind = CallEvent.Kind

SIP_STATUS, SECONDS = re.compile(r"[1-6][0-9]{2}"), re.compile(r"[0-9]{1,6}")
OVER = {"completed", "busy", "no-answer", "failed", "canceled"}
REACHED = {"completed", "answered"}
PROGRESS = {
    "initiated": Kind.DIALED,
    "ringing": Kind.LINE_RINGING,
    "in-progress": Kind.PICKED_UP,
}


def is_over(form: Form) -> bool:
    """Whether the call's own leg has ended: the caller is gone."""
    return form.get("CallStatus") in OVER


def was_reached(form: Form) -> bool:
    """Whether whom Twilio dialled picked up."""
    return form.get("DialCallStatus") in REACHED


def note_status(call: Call, form: Form) -> None:
    """A leg went on, or is over."""
    if "ParentCallSid" in form:
        _note_progress(call, form)
    elif is_over(form):
        _note_end(call, form)


def note_dialled(call: Call, form: Form) -> None:
    """The agent's leg is over, or never was.

    Of two who are gone, the caller went first: had the agent, Twilio would ask while
    the caller is still there.
    """
    key = f"twilio:dial:{form.get('DialCallSid', '')}"
    note_sip_status(call, form.get("DialSipResponseCode", ""))
    _record(call, Kind.ENDED, key, form, cause=_why_over(form))


def _why_over(form: Form) -> Cause:
    if is_over(form):
        return Cause.CALLER_HUNG_UP
    return Cause.ROOM_CLOSED if was_reached(form) else Cause.NOT_ANSWERED


def note_forwarded(call: Call, form: Form) -> None:
    """The person's leg is over, or never was."""
    key = f"twilio:forward:{form.get('DialCallSid', '')}"
    if not was_reached(form):
        detail = f"The person it was forwarded to: {form.get('DialCallStatus', '')}."
        record(call, Kind.PROBLEM, source="twilio", key=key, detail=detail)


def note_sip_status(call: Call, told: str) -> None:
    """What the SIP bridge answered, when Twilio says it."""
    if SIP_STATUS.fullmatch(told):
        call.sip_status = int(told)
        call.save(update_fields=["sip_status"])


def _note_progress(call: Call, form: Form) -> None:
    status = form.get("CallStatus", "")
    note_sip_status(call, form.get("SipResponseCode", ""))
    if kind := PROGRESS.get(status):
        _record(call, kind, f"twilio:{form['CallSid']}:{status}", form)


def _note_end(call: Call, form: Form) -> None:
    """The caller's line is closed; who hung up, others tell."""
    if SECONDS.fullmatch(form.get("CallDuration", "")):
        call.billed_seconds = int(form["CallDuration"])
        call.save(update_fields=["billed_seconds"])
    _record(call, Kind.ENDED, "twilio:over", form, cause=Cause.ROOM_CLOSED)


def _record(
    call: Call, kind: Kind, key: str, form: Form, cause: Cause | None = None
) -> None:
    at = _moment(form.get("Timestamp", ""))
    record(call, kind, source="twilio", key=key, at=at, cause=cause)


def _moment(told: str) -> datetime:
    """When it happened; now, where that cannot be read."""
    now = timezone.now()
    with suppress(ValueError):
        at = parsedate_to_datetime(told)
        if at.tzinfo:
            return min(happened(at), now)
    return now
