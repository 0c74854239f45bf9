"""One conversation: from the greeting to the last word, whichever side ends it."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress

from livekit import rtc
from livekit.agents import (
    AgentStateChangedEvent,
    CloseEvent,
    ErrorEvent,
    JobContext,
)

from agents_app.config import LineName
from livekit_worker.agent import DynamicAgent
from livekit_worker.ending import REPLACED, End, Ending, end_of_caller
from livekit_worker.model_trouble import ModelTrouble, model_unavailable
from livekit_worker.plan import CallPlan
from livekit_worker.reports import Reports
from livekit_worker.session import Session, make_session, make_voice, room_options
from livekit_worker.silence import Silence
from livekit_worker.spoken_lines import SpokenLines
from livekit_worker.transcript import Transcript, moment
from livekit_worker.turn_writer import TurnWriter
from telephony_app.models import Cause
from telephony_app.rooms import LiveKitUnreachable, close_room

logger = logging.getLogger(__name__)

ALONE_SECONDS = 30.0
AGENT = rtc.ParticipantKind.PARTICIPANT_KIND_AGENT


class Conversation:
    """The running call in its job process."""

    def __init__(self, ctx: JobContext, plan: CallPlan, writer: TurnWriter) -> None:
        self._ctx = ctx
        self._plan = plan
        self._ending = Ending()
        self._answered = asyncio.Event()
        self._reports = Reports(plan.call, writer, job_id=ctx.job.id)
        self._transcript = Transcript(writer.write)
        self._lines = SpokenLines(ctx.room, plan.lines, self._transcript)
        self._trouble = ModelTrouble()
        self._session: Session | None = None
        self._voice = make_voice(ctx.room)
        self._silence = Silence(plan.config.silence_seconds, self)

    async def run(self) -> None:
        """Hold the conversation, and leave nothing of it open."""
        self._watch_room()
        self._reports.joined()
        publishing = self._begin(self._voice.start())
        talking, timing = self._begin(self._talk()), self._begin(self._limit_length())
        end = await self._ending.wait()
        talking.cancel()
        timing.cancel()
        await self._finish(end)
        publishing.cancel()

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(self._on_over)
        return task

    def _on_over(self, task: asyncio.Task[None]) -> None:
        """Whatever broke, the caller must not be left in silence."""
        if task.cancelled() or not (error := task.exception()):
            return
        logger.error("the conversation broke", exc_info=error)
        self._trouble.is_fatal = True
        self._ending.give(broken(error))

    async def _talk(self) -> None:
        """Start the session, greet as soon as the caller can hear it, then mind the
        silences."""
        if self._plan.refusal:
            self._ending.give(refused(self._plan))
            return
        await self._start_session()
        await self._say("resume_message" if self._plan.is_resumed else "greeting")
        await self._silence.watch()

    async def _start_session(self) -> None:
        self._session = make_session(self._plan)
        self._follow(self._session)
        self._session.output.audio = self._voice
        await self._session.start(
            DynamicAgent(self._plan),
            room=self._ctx.room,
            room_options=room_options(self._transcript, self._on_typed),
            record=False,
        )

    def _follow(self, session: Session) -> None:
        self._transcript.follow(session)
        self._silence.follow(session)
        session.on("agent_state_changed", self._on_agent_state)
        session.on("error", self._on_error)
        session.on("close", self._on_close)

    async def _say(self, name: LineName) -> None:
        if self._session:
            await self._lines.say(self._session, name)

    async def _limit_length(self) -> None:
        await self._answered.wait()
        answered = self._plan.call.answered_at
        spent = time.time() - answered.timestamp() if answered else 0
        await asyncio.sleep(max(0, self._plan.config.max_call_seconds - spent))
        self._ending.give(End(Cause.MAX_LENGTH, "farewell"))

    async def ask_whether_there(self) -> None:
        """The caller has been silent: ask."""
        await self._say("silence_question")

    async def let_go(self) -> None:
        """The caller stayed silent: end the call."""
        self._ending.give(End(Cause.SILENCE, "farewell"))

    async def remind_model(self) -> None:
        """The model owes an answer: ask it once more for one."""
        self._reports.problem("The model did not answer and was asked again.")
        if self._session:
            self._session.generate_reply()

    async def give_model_up(self) -> None:
        """The model stayed silent: end the call."""
        self._trouble.is_fatal = True
        self._ending.give(model_unavailable("it stopped answering"))

    async def _on_typed(self, text: str) -> None:
        """Answer a typed line; during a ready-made line it waits for that one's end."""
        self._transcript.typed(text)
        self._silence.caller_spoke()
        await self._lines.said()
        if self._session:
            await self._session.interrupt()
            self._session.generate_reply(user_input=text)

    def _on_agent_state(self, event: AgentStateChangedEvent) -> None:
        if event.new_state == "speaking":
            self._answered.set()
            self._reports.answered(moment(event.created_at))

    def _on_error(self, event: ErrorEvent) -> None:
        name = type(event.error.error).__name__
        self._reports.model_reconnected(f"The model's connection failed: {name}.")
        if self._trouble.is_too_much(recoverable=event.error.recoverable):
            self._ending.give(model_unavailable(name))

    def _on_close(self, event: CloseEvent) -> None:
        self._trouble.is_fatal = True
        self._ending.give(model_unavailable(event.reason.value))

    def _watch_room(self) -> None:
        room = self._ctx.room
        room.on("participant_connected", self._on_joined)
        room.on("participant_disconnected", self._on_left)
        room.on("disconnected", self._on_room_closed)

    def _on_joined(self, participant: rtc.RemoteParticipant) -> None:
        """A second agent means that this job was given up: the newer one speaks."""
        if participant.kind == AGENT:
            self._ending.give(REPLACED)

    def _on_left(self, participant: rtc.RemoteParticipant) -> None:
        if participant.kind != AGENT:
            self._ending.give(end_of_caller(participant.disconnect_reason))

    def _on_room_closed(self, *_: object) -> None:
        """Closed by staff or by LiveKit, which closes a room that nobody came to."""
        came = self._answered.is_set() or self._plan.is_resumed
        self._ending.give(End(Cause.ROOM_CLOSED if came else Cause.ABANDONED))

    async def _finish(self, end: End) -> None:
        """Say the last line, record the end, hang up."""
        if end is not REPLACED:
            await self._try_last_line(end)
            self._transcript.close()
            self._reports.ended(end.cause, end.detail)
        try:
            if self._session:
                await self._session.aclose()
            await self._voice.aclose()
        finally:
            if end is not REPLACED:
                with suppress(LiveKitUnreachable):
                    await asyncio.to_thread(close_room, self._ctx.room.name)
            self._ctx.shutdown(end.cause)

    async def _try_last_line(self, end: End) -> None:
        try:
            await self._say_last(end)
        except Exception:  # a line that fails must not keep the call from ending
            logger.exception("the last line could not be said")

    async def _say_last(self, end: End) -> None:
        if end.last_line is None:
            return
        if self._session and not self._trouble.is_fatal:
            with suppress(TimeoutError):
                async with asyncio.timeout(ALONE_SECONDS):
                    await self._session.interrupt(force=True)
                    await self._lines.say(self._session, end.last_line)
                    return
        if self._session:
            await self._session.aclose()
        with suppress(TimeoutError):
            async with asyncio.timeout(ALONE_SECONDS):
                await self._ctx.wait_for_participant()
                await self._lines.say_alone(end.last_line)


def refused(plan: CallPlan) -> End:
    """The end of a call that could not begin."""
    cause = plan.refusal or Cause.ERROR
    return End(cause, "unavailable_message", plan.refusal_detail)


def broken(error: BaseException) -> End:
    """The end of a call in which something broke that nobody foresaw."""
    detail = f"{type(error).__name__}: the worker's log has the rest."
    return End(Cause.ERROR, "unavailable_message", detail)
