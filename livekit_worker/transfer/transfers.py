"""Putting the caller through: what is checked, said and written down on the way."""

import asyncio
import logging

from livekit import rtc
from livekit.agents import JobContext

from livekit_worker.ending import End, Ending
from livekit_worker.orm import beside_database, in_database
from livekit_worker.phone.telephone import is_person
from livekit_worker.phone.trunk import NoTrunk
from livekit_worker.plan import CallPlan
from livekit_worker.presence import AGENT, Presence
from livekit_worker.speech.lines import SpokenLines
from livekit_worker.transfer import own_line, words
from livekit_worker.transfer.calling_in import CallingIn
from livekit_worker.transfer.person import NotReached, hang_up
from livekit_worker.transfer.routes import Route, Way, route_of
from livekit_worker.transfer.wish import Wish
from telephony_app.calls import transfers
from telephony_app.models import Cause
from telephony_app.outbound.rules import NotAllowed
from telephony_app.twilio import live_calls
from telephony_app.twilio.rest import TwilioRefused
from tools_app.errors import ToolError

logger = logging.getLogger(__name__)

SOURCE = "worker"
# On its way to the caller's ear when it has left here.
LAST_WORD_SECONDS = 0.4
LOST = "The agent was lost while the person was called."


class Transfers:
    """Puts the caller of one job through, one wish at a time."""

    def __init__(
        self,
        ctx: JobContext,
        plan: CallPlan,
        presence: Presence,
        ending: Ending,
        lines: SpokenLines,
    ) -> None:
        self._ctx = ctx
        self._plan = plan
        self._call = plan.call
        self._presence = presence
        self._ending = ending
        self._lines = lines

    async def put_through(self, wish: Wish, *, was_announced: bool) -> None:
        """Returns when the person has the caller. Raises `ToolError` when the caller is
        with the agent still, or again."""
        try:
            route = await in_database(route_of, self._call, wish)
        except (NotAllowed, NoTrunk) as refused:
            raise wish.not_possible(str(refused)) from None
        if not was_announced:
            await self._announce(wish)
        await asyncio.sleep(LAST_WORD_SECONDS)
        await in_database(transfers.begin, self._call, wish.address, source=SOURCE)
        try:
            await self._go(wish, route)
        except ToolError:
            raise
        except Exception as error:  # whatever broke, the caller is with the agent
            logger.exception("a caller could not be put through")
            await self._come_back(type(error).__name__)
            raise wish.not_possible(type(error).__name__) from error

    async def tidy_up(self) -> None:
        """Hang up on people whom an earlier job called in and told nothing."""
        people = [p for p in self._others() if is_person(p)]
        for person in people:
            await hang_up(self._ctx, person.identity)
        if people:
            await self._come_back(LOST)

    async def _announce(self, wish: Wish) -> None:
        """Say to whom the caller is put through, or at least that something happens."""
        try:
            line = await words.kept(wish.announcement, self._plan.config)
        except Exception as error:  # noqa: BLE001  the agent's own line is ready
            logger.warning("an announcement has no voice: %s", type(error).__name__)
            line = self._plan.lines["filler"]
        await self._lines.say_words(line)

    async def _go(self, wish: Wish, route: Route) -> None:
        if route.way == Way.CALL_IN:
            await self._call_in(wish, route)
            return
        with self._presence.away():
            if route.way == Way.REFER:
                await own_line.refer(self._ctx, self._call, wish)
            else:
                await own_line.redirect(self._ctx.room, self._call, wish)
            self._ending.give(End(Cause.TRANSFERRED))

    async def _call_in(self, wish: Wish, route: Route) -> None:
        caller = next(p for p in self._others() if not is_person(p))
        config = self._plan.config
        calling = CallingIn(self._ctx, self._call, config, wish, route)
        try:
            await calling.connect(caller.identity)
        except NotReached as nobody:
            await self._come_back(str(nobody))
            raise wish.not_reached(str(nobody)) from None
        await self._stop_recording()
        self._ending.give(End(Cause.TRANSFERRED, keeps_room=True))

    async def _stop_recording(self) -> None:
        """The person was not asked; what the worker records ends with the agent."""
        if not (self._plan.config.record_calls and self._call.call_sid):
            return
        try:
            await beside_database(live_calls.stop_recording, self._call)
        except TwilioRefused as refused:
            logger.error("Twilio goes on recording: %s", refused)

    def _others(self) -> list[rtc.RemoteParticipant]:
        everybody = self._ctx.room.remote_participants.values()
        return [p for p in everybody if p.kind != AGENT]

    async def _come_back(self, why: str) -> None:
        await in_database(transfers.come_back, self._call, why, source=SOURCE)
