"""The beginning of a call out: dial, and find out who picked up."""

import asyncio
from contextlib import suppress

from livekit import api, rtc
from livekit.agents import JobContext

from livekit_worker.ending import End, Ending
from livekit_worker.orm import in_database
from livekit_worker.phone.beep import RATE, Beep
from livekit_worker.phone.dialing import (
    PICKED_UP,
    dial,
    end_of_dial,
    invitation,
    status_of,
)
from livekit_worker.phone.following import follow_line
from livekit_worker.phone.pickup import GREETING_SECONDS, Pickup, Who
from livekit_worker.phone.telephone import open_line, telephones
from livekit_worker.phone.trunk import NoTrunk, outbound_trunk
from livekit_worker.plan import CallPlan
from livekit_worker.reports import Reports
from livekit_worker.session import Session
from livekit_worker.speech.call_lines import CallLines
from livekit_worker.speech.gate import Gate
from telephony_app.livekit.rooms import LINE_STATUS
from telephony_app.models import Cause
from telephony_app.outbound.calling import claim_dial

RINGS = "ringing"
GREETING_WAITS_SECONDS = 2.0


class CallingOut:
    """Reaches the person who is called.

    The model hears nothing before: neither the ringing, nor a voicemail, nor the hello
    that the greeting answers.
    """

    def __init__(
        self, ctx: JobContext, plan: CallPlan, reports: Reports, gate: Gate, end: Ending
    ) -> None:
        self._room = ctx.room
        self._plan = plan
        self._reports = reports
        self._gate = gate
        self._ending = end
        self._pickup = Pickup()
        self._rang = False
        self.is_dialing = not plan.is_resumed
        self._listening: asyncio.Task[None] | None = None
        self._lines = CallLines(plan)
        self._room.on("participant_attributes_changed", self._on_attributes)

    def follow(self, session: Session) -> None:
        """Hear when the other side speaks."""
        self._pickup.follow(session)

    async def reach(self) -> End | None:
        """Dial until a person is on the line; the end of a call that reached none."""
        with self._gate.closed():
            if end := await self._connect():
                return end
            self.is_dialing = False
            await open_line(self._room, was_open=self._plan.is_resumed)
            self._reports.picked_up()
            if not self._plan.is_resumed and (end := await self._meet()):
                return end
        await self._lines.greeting_is_ready(seconds=GREETING_WAITS_SECONDS)
        return None

    async def aclose(self) -> None:
        """Listen no more."""
        self._lines.stop()
        if self._listening:
            self._listening.cancel()

    async def _connect(self) -> End | None:
        if self._plan.is_resumed:
            return None
        if await in_database(claim_dial, self._plan.call):
            return await self._dial()
        return await follow_line(self._room)

    async def _dial(self) -> End | None:
        call = self._plan.call
        try:
            trunk = await in_database(outbound_trunk, call.organization_id)
        except NoTrunk as missing:
            return End(Cause.PROVIDER_REFUSED, detail=str(missing))
        invite = invitation(call, trunk, seconds=self._plan.config.max_call_seconds)
        try:
            await dial(invite)
        except (api.ServerError, OSError) as error:
            self._reports.answer_to_invite(status_of(error))
            return end_of_dial(error, rang=self._rang)
        self._reports.answer_to_invite(PICKED_UP)
        return None

    async def _meet(self) -> End | None:
        """Listen to who picked up; a voicemail hears its message, if there is one."""
        self._pickup.begin()
        self._listening = asyncio.create_task(self._listen(), name="beep")
        who = await self._pickup.judge()
        if who == Who.PERSON:
            self._gate.forget()
        if who != Who.VOICEMAIL:
            return None
        if "voicemail_message" in self._plan.lines:
            await self._pickup.may_speak()
        return self._voicemail()

    def _voicemail(self) -> End:
        has_message = "voicemail_message" in self._plan.lines
        return End(Cause.VOICEMAIL, "voicemail_message" if has_message else None)

    async def _listen(self) -> None:
        """Listen for a beep. It also comes from a voicemail that was greeted, because
        it made a pause like a person's."""
        for line in telephones(self._room):
            with suppress(TimeoutError):
                async with asyncio.timeout(GREETING_SECONDS):
                    if await hears_beep(line):
                        self._pickup.beeped()
                        self._ending.give(self._voicemail())

    def _on_attributes(self, _: object, participant: rtc.Participant) -> None:
        if participant.attributes.get(LINE_STATUS) == RINGS and not self._rang:
            self._rang = True
            self._reports.line_ringing()


async def hears_beep(line: rtc.RemoteParticipant) -> bool:
    """Whether a beep comes in what a telephone sends, until it hangs up."""
    beep = Beep()
    sound = rtc.AudioStream.from_participant(
        participant=line,
        track_source=rtc.TrackSource.SOURCE_MICROPHONE,
        sample_rate=RATE,
        num_channels=1,
    )
    try:
        async for event in sound:
            if beep.hear(bytes(event.frame.data)):
                return True
        return False
    finally:
        await sound.aclose()
