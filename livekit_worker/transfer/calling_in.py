"""The person is called into the caller's room; who is to be told first hears, alone,
who calls and why, and takes the call or does not. The caller hears it ring meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from livekit.agents import JobContext

from agents_app.config import AgentConfig
from livekit_worker.plan import Line
from livekit_worker.transfer.own_track import OwnTrack
from livekit_worker.transfer.person import NotReached, Person, hang_up, invite
from livekit_worker.transfer.privacy import Privacy
from livekit_worker.transfer.routes import Route
from livekit_worker.transfer.wish import Wish
from livekit_worker.transfer.words import once
from telephony_app.models import Call, Cause

TIMES = 2
DECIDE_SECONDS = 5.0
DECLINED = f"{Cause.DECLINED.label}."
UNDECIDED = "Somebody picked up, but did not take the call."


class CallingIn:
    """Brings one person into the room of a call."""

    def __init__(
        self, ctx: JobContext, call: Call, config: AgentConfig, wish: Wish, route: Route
    ) -> None:
        self._ctx = ctx
        self._wish = wish
        self._config = config
        self._person = Person(ctx.room)
        self._invite = invite(call, wish, route, self._person.identity)

    async def connect(self, caller: str) -> None:
        """Returns when the person and the caller (an identity) hear each other; raises
        `NotReached`, with the person gone."""
        with self._person.watched():
            try:
                if self._wish.briefing:
                    await self._brief(caller)
                else:
                    await self._person.rings(self._invite)
            except BaseException:
                await hang_up(self._ctx, self._person.identity)
                raise

    async def _brief(self, caller: str) -> None:
        privacy = Privacy(self._ctx, caller=caller, person=self._person.identity)
        words = asyncio.create_task(once(self._wish.briefing, self._config))
        try:
            async with self._ringing_for(caller, privacy):
                await self._reach(privacy)
                await privacy.listen()
                await self._ask(privacy, await words)
                await privacy.put_together()
        finally:
            words.cancel()
            privacy.end()

    @asynccontextmanager
    async def _ringing_for(self, caller: str, privacy: Privacy) -> AsyncIterator[None]:
        async with OwnTrack(self._ctx.room, "ringing") as track:
            privacy.allow(track.sid, to=caller)
            ringing = asyncio.create_task(track.ring())
            try:
                yield
            finally:
                ringing.cancel()

    async def _reach(self, privacy: Privacy) -> None:
        """Ring; before anybody can pick up, the line is made private."""
        ringing = asyncio.create_task(self._person.rings(self._invite))
        coming = asyncio.create_task(self._person.came.wait())
        try:
            either = {ringing, coming}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                await privacy.begin()
            await ringing
        finally:
            coming.cancel()
            ringing.cancel()

    async def _ask(self, privacy: Privacy, words: Line) -> None:
        """Say who calls, and again for who picked up late to the ear; raises
        `NotReached` when the person does not want the call, or says nothing."""
        async with OwnTrack(self._ctx.room, "briefing") as track:
            privacy.allow(track.sid, to=self._person.identity)
            for _ in range(TIMES):
                if await self._says_yes(track, words):
                    return
        raise NotReached(UNDECIDED)

    async def _says_yes(self, track: OwnTrack, words: Line) -> bool:
        saying = asyncio.create_task(track.say(words))
        deciding = asyncio.create_task(self._person.decides())
        try:
            either = {saying, deciding}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({deciding}, timeout=DECIDE_SECONDS)
            if not deciding.done():
                return False
            if not deciding.result():
                raise NotReached(DECLINED)
            return True
        finally:
            saying.cancel()
            deciding.cancel()
