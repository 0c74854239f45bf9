"""`<Dial>`: Twilio calls somebody, and connects the caller with who picks up.

https://www.twilio.com/docs/voice/twiml/dial
"""

import asyncio
import secrets
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from telephony_app.sip import SipCall

if TYPE_CHECKING:
    from tests.standins.twilio.call import TwilioCall

LOOK_SECONDS = 0.02
TIMEOUT_SECONDS, LONGEST_SECONDS = 30, 14_400
BUSY, UNANSWERED, CANCELLED = (486, 600, 603), (408, 480), 487
EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


async def dial(call: "TwilioCall", verb: Element) -> str | None:
    """Call whom the verb names; what to do next, if the verb says where to ask."""
    child = Child(call, verb)
    try:
        referred_to = await child.talk()
    finally:
        child.note_end()
        if call.is_over and verb.get("action"):
            await call.ask(verb.attrib["action"], child.outcome)
    if referred_to:
        target = {"ReferTransferTarget": referred_to}
        return await call.ask(verb.attrib["referUrl"], target)
    if action := verb.get("action"):
        return await call.ask(action, child.outcome)
    return None


class Child:
    """The leg from Twilio to whom it calls."""

    def __init__(self, call: "TwilioCall", verb: Element) -> None:
        self.call, self.verb, self.whom = call, verb, verb[0]
        self.sid = f"CA{secrets.token_hex(16)}"
        self.status = "initiated"
        self.leg: SipCall | None = None
        self._number = 0

    @property
    def outcome(self) -> dict[str, str]:
        """What the action is told."""
        told = {"DialCallSid": self.sid, "DialCallStatus": self.status}
        if self.leg and self.leg.final_status and self.whom.tag == "Sip":
            told["DialSipResponseCode"] = str(self.leg.final_status)
        return told

    async def talk(self) -> str:
        """Ring, and be connected until somebody hangs up; where the other side asked to
        send the caller, if it did."""
        self._report("initiated")
        address = self._address()
        if not address:
            self.status = "no-answer"
            return ""
        login = {"user": self.whom.get("username", "")}
        login["password"] = self.whom.get("password", "")
        try:
            leg = await SipCall(address, caller=self.call.caller, **login).__aenter__()
        except OSError:
            self.status = "failed"
            return ""
        leg.transfer_ends = self.call.twilio.transfers_end
        self.leg = self.call.leg = leg
        try:
            return await self._be_connected(leg)
        finally:
            self.call.leave(leg)

    def _address(self) -> str:
        """Where it rings; empty for a number that nobody has."""
        name = self.whom.text or ""
        if self.whom.tag == "Sip":
            return name
        self.call.rung.append(name)
        return self.call.twilio.people.get(name, "")

    async def _be_connected(self, leg: SipCall) -> str:
        patience = float(self.verb.get("timeout", TIMEOUT_SECONDS))
        try:
            async with asyncio.timeout(patience):
                await self._until_decided(leg)
        except TimeoutError:
            self.status = "no-answer"
            return ""
        if leg.answered_at is None:
            self.status = _unanswered(leg.final_status or 0)
            return ""
        return await self._talk(leg)

    async def _until_decided(self, leg: SipCall) -> None:
        has_rung = False
        while leg.final_status is None:
            if leg.ringing_at is not None and not has_rung:
                has_rung = True
                self._report("ringing")
            await asyncio.sleep(LOOK_SECONDS)

    async def _talk(self, leg: SipCall) -> str:
        self.status = "completed"
        self.call.answer()
        self._report("in-progress")
        longest = float(self.verb.get("timeLimit", LONGEST_SECONDS))
        try:
            async with asyncio.timeout(longest):
                while leg.ended_at is None and not leg.referred_to:
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            return ""
        return leg.referred_to

    def note_end(self) -> None:
        """The leg is over."""
        if self.status == "initiated":
            self.status = "canceled"
        self._report(self.status)
        if self.verb.get("record", "").startswith("record") and self.leg:
            self._record(self.leg)

    def _report(self, status: str) -> None:
        event = EVENTS.get(status, "completed")
        wanted = self.whom.get("statusCallbackEvent", "completed").split()
        if event in wanted and "statusCallback" in self.whom.attrib:
            told = {
                "CallSid": self.sid,
                "ParentCallSid": self.call.sid,
                "CallStatus": status,
                "Direction": "outbound-dial",
                "To": self.whom.text or "",
                "Called": self.whom.text or "",
                "SequenceNumber": str(self._number),
                "CallbackSource": "call-progress-events",
            }
            self.call.tell(self.whom.attrib["statusCallback"], told)
        self._number += 1

    def _record(self, leg: SipCall) -> None:
        url = self.verb.get("recordingStatusCallback")
        if leg.answered_at is not None and url:
            call = self.call
            told = call.twilio.keep(call.sid, call.said, leg.recording.pcm)
            call.tell(url, told)


def _unanswered(status: int) -> str:
    if status in BUSY:
        return "busy"
    if status in UNANSWERED:
        return "no-answer"
    return "canceled" if status == CANCELLED else "failed"
