"""How a job leaves its call: last words, everything written down, then the hang-up."""

import asyncio
import logging
from contextlib import suppress

from livekit.agents import JobContext

from agents_app.config import LineName
from livekit_worker.ending import End, Handover
from livekit_worker.reports import Reports
from livekit_worker.session import Session
from livekit_worker.speech.lines import SpokenLines
from livekit_worker.tools.call_tools import CallTools
from livekit_worker.transcript import Transcript
from livekit_worker.turn_writer import TurnWriter
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.livekit.rooms import close_room

logger = logging.getLogger(__name__)

LINE_SECONDS = 30.0
# A database that is away must not keep the line open.
FLUSH_SECONDS = 2.0


class Parting:
    """The end of a job, in the order in which nothing is lost.

    Written before the hang-up: LiveKit's report of the closed room knows no cause, and
    a job that dies right then has nothing more to tell.
    """

    def __init__(
        self,
        ctx: JobContext,
        lines: SpokenLines,
        transcript: Transcript,
        reports: Reports,
        writer: TurnWriter,
        tools: CallTools,
    ) -> None:
        self._ctx = ctx
        self._lines = lines
        self._transcript = transcript
        self._reports = reports
        self._writer = writer
        self._tools = tools

    async def leave(
        self, end: End | Handover, session: Session | None, *, is_broken: bool
    ) -> None:
        """Say the last line, write down the end, hang up; a call that another job goes
        on with is only left. Through a session that `is_broken` nothing is said."""
        if isinstance(end, End) and end.last_line:
            await self._try_line(end.last_line, session, is_broken=is_broken)
        self._transcript.close()
        self._report(end)
        await self._writer.flush(seconds=FLUSH_SECONDS)
        try:
            await self._close(session)
        finally:
            await self._hang_up(end)

    async def _close(self, session: Session | None) -> None:
        """Close the session, which would wait for a function that still runs; what the
        model says to that function's end is not heard."""
        if session:
            session.output.set_audio_enabled(False)
        self._tools.let_go()
        if session:
            await session.aclose()

    def _report(self, end: End | Handover) -> None:
        if isinstance(end, End):
            self._reports.ended(end.cause, end.detail)
        elif end.problem:
            self._reports.handed_over(end.problem)

    async def _hang_up(self, end: End | Handover) -> None:
        if isinstance(end, End) and not end.keeps_room:
            with suppress(LiveKitUnreachable):
                await asyncio.to_thread(close_room, self._ctx.room.name)
        await self._tools.aclose()
        self._ctx.shutdown(end.cause if isinstance(end, End) else "handed over")

    async def _try_line(
        self, name: LineName, session: Session | None, *, is_broken: bool
    ) -> None:
        """Say the line through the session or, where none works, alone."""
        try:
            if session and not is_broken and await self._say_through(session, name):
                return
            await self._close(session)
            await self._say_alone(name)
        except Exception:  # a line that fails must not keep the call from ending
            logger.exception("the last line could not be said")

    async def _say_through(self, session: Session, name: LineName) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(LINE_SECONDS):
                await session.interrupt(force=True)
                await self._lines.say(name)
                return True
        return False

    async def _say_alone(self, name: LineName) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LINE_SECONDS):
                await self._ctx.wait_for_participant()
                await self._lines.say_alone(name)
