"""One conversation: from the greeting to the last word, whichever side ends it."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from dataclasses import replace

from livekit.agents import (
    AgentStateChangedEvent,
    CloseEvent,
    ErrorEvent,
    JobContext,
)
from livekit.agents.voice import SpeechHandle

from livekit_worker.agent import DynamicAgent
from livekit_worker.ending import End, Ending, broken, is_voicemail
from livekit_worker.model_trouble import ModelTrouble, model_unavailable
from livekit_worker.parting import Parting
from livekit_worker.phone.calling_out import CallingOut
from livekit_worker.phone.keypad import Keypad
from livekit_worker.phone.telephone import open_line
from livekit_worker.plan import CallPlan
from livekit_worker.presence import Presence
from livekit_worker.recording.recorder import Recorder
from livekit_worker.reports import Reports
from livekit_worker.session import (
    Session,
    make_session,
    room_options,
    show_all_words,
)
from livekit_worker.silence import Silence
from livekit_worker.speech.gate import Gate
from livekit_worker.speech.lines import SpokenLines
from livekit_worker.speech.mouth import Mouth
from livekit_worker.tools.call_tools import CallTools
from livekit_worker.tools.ledger import Ledger
from livekit_worker.transcript import Transcript, moment
from livekit_worker.transfer.transfers import Transfers
from livekit_worker.transfer.wish import Wish
from livekit_worker.turn_writer import TurnWriter
from livekit_worker.typed_lines import TypedLines
from telephony_app.models import Cause

logger = logging.getLogger(__name__)


class Conversation:
    """The running call in its job process."""

    def __init__(
        self,
        ctx: JobContext,
        plan: CallPlan,
        writer: TurnWriter,
        recorder: Recorder | None = None,
    ) -> None:
        self._ctx = ctx
        self._plan = plan
        self._ending = Ending()
        self._answered = asyncio.Event()
        self._greeted = asyncio.Event()
        self._reports = Reports(plan.call, writer, job_id=ctx.job.id)
        self._transcript = Transcript(writer.write)
        self._gate = Gate()
        self._lines = SpokenLines(ctx.room, plan.lines, self._transcript, self._gate)
        self._trouble = ModelTrouble()
        self._session: Session | None = None
        self._starting: asyncio.Task[None] | None = None
        self._recorder = recorder
        self._mouth = Mouth(ctx.room, recorder)
        self._silence = Silence(plan.config.silence_seconds, self)
        ledger = Ledger(writer, job_id=ctx.job.id)
        line = ctx.room if plan.is_phone else None
        self._tools = CallTools(plan.tools, plan.past_requests, ledger, self, line)
        self._calling_out = (
            CallingOut(ctx, plan, self._reports, self._gate, self._ending)
            if plan.call.goes_out
            else None
        )
        presence = Presence(
            ctx.room,
            self._ending,
            was_answered=self._was_answered,
            is_dialing=self._is_dialing,
        )
        self._transfers = Transfers(ctx, plan, presence, self._ending, self._lines)
        self._parting = Parting(
            ctx, self._lines, self._transcript, self._reports, writer, self._tools
        )

    def prepare(self) -> None:
        """Start the session while the room still connects: the caller waits for the
        longer of the two, not for their sum."""
        if not self._plan.refusal:
            self._starting = self._begin(self._start_session())

    async def run(self) -> None:
        """Hold the conversation, and leave nothing of it open."""
        Keypad(
            self._ctx.room,
            on_key=self._silence.caller_stirred,
            on_number=self._on_keyed_in,
        )
        TypedLines(self._ctx.room, self._on_typed)
        self._reports.joined()
        if self._plan.is_resumed:
            self._begin(self._transfers.tidy_up())
        publishing = self._begin(self._mouth.start())
        talking, timing = self._begin(self._talk()), self._begin(self._limit_length())
        end = await self._ending.wait()
        talking.cancel()
        timing.cancel()
        if self._is_dialing() and isinstance(end, End):
            end = replace(end, last_line=None)
        if self._calling_out:
            await self._calling_out.aclose()
        # A model that heard the beep would cut into the message.
        is_broken = self._trouble.is_fatal or is_voicemail(end)
        await self._parting.leave(end, self._session, is_broken=is_broken)
        publishing.cancel()
        await self._mouth.aclose()
        if self._recorder:
            await self._recorder.aclose()

    def _is_dialing(self) -> bool:
        """Whether nobody is there yet to hear a word."""
        return self._calling_out is not None and self._calling_out.is_dialing

    def _was_answered(self) -> bool:
        return self._answered.is_set() or self._plan.is_resumed

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
        if not self._starting:
            self._ending.give(refused(self._plan))
            return
        await self._starting
        if end := await self._pick_up():
            self._ending.give(end)
            return
        await self._greet()
        self._greeted.set()
        await self._silence.watch()

    async def _pick_up(self) -> End | None:
        """Wait until the caller hears what is said: a browser's sound is held back by
        itself, what is said into a ringing telephone is lost. Who does not call is
        called; the end, when that reaches nobody."""
        if self._calling_out:
            return await self._calling_out.reach()
        if self._plan.is_phone:
            await open_line(self._ctx.room, was_open=self._plan.is_resumed)
            self._reports.picked_up()
        return None

    async def _greet(self) -> None:
        if self._plan.is_resumed:
            await self._lines.say("resume_message")
            return
        if self._plan.config.record_calls:
            await self._lines.say("recording_notice")
        await self._lines.say("greeting")

    async def _start_session(self) -> None:
        self._session = make_session(self._plan, self._gate, self._tools.control)
        self._follow(self._session)
        self._session.output.audio = self._mouth
        await self._session.start(
            DynamicAgent(self._plan, self._tools.functions),
            room=self._ctx.room,
            room_options=room_options(self._transcript),
            # Anybody in the room could read the prompt and every tool's answer.
            session_host=False,
            record=False,
        )
        show_all_words(self._session, self._ctx.room)
        self._tools.open()
        if self._recorder and self._session.input.audio:
            self._recorder.start()
            self._session.input.audio = self._recorder.overhear(
                self._session.input.audio
            )

    def _follow(self, session: Session) -> None:
        self._lines.follow(session)
        self._transcript.follow(session)
        self._silence.follow(session)
        self._gate.follow(session)
        self._tools.follow(session)
        if self._calling_out:
            self._calling_out.follow(session)
        session.on("agent_state_changed", self._on_agent_state)
        session.on("error", self._on_error)
        session.on("close", self._on_close)

    async def _limit_length(self) -> None:
        await self._answered.wait()
        answered = self._plan.call.answered_at
        spent = time.time() - answered.timestamp() if answered else 0
        await asyncio.sleep(max(0, self._plan.config.max_call_seconds - spent))
        self._ending.give(End(Cause.MAX_LENGTH, "farewell"))

    async def ask_whether_there(self) -> None:
        """The caller has been silent: ask."""
        await self._lines.say("silence_question")

    async def let_go(self) -> None:
        """The caller stayed silent: end the call."""
        self._ending.give(End(Cause.SILENCE, "farewell"))

    def say_filler(self) -> SpeechHandle | None:
        """A function takes its time: begin to say so."""
        return self._lines.begin_filler()

    async def say_farewell(self) -> None:
        """The agent is about to hang up."""
        await self._lines.say("farewell")

    def hang_up(self) -> None:
        """The agent ends the call, and has said goodbye."""
        self._ending.give(End(Cause.AGENT_HUNG_UP))

    async def put_through(self, wish: Wish, *, was_announced: bool) -> None:
        """The agent puts the caller through."""
        await self._transfers.put_through(wish, was_announced=was_announced)

    def quiet_seconds(self) -> float:
        """How long the caller has heard nothing of the agent."""
        return self._mouth.quiet_seconds

    async def remind_model(self) -> None:
        """The model owes an answer, or the rest of one: ask it once more."""
        self._reports.problem("The model did not answer and was asked again.")
        if self._session:
            await self._session.interrupt(force=True)
            self._session.generate_reply()

    async def give_model_up(self) -> None:
        """The model stayed silent: end the call."""
        self._trouble.is_fatal = True
        self._ending.give(model_unavailable("it stopped answering"))

    async def _on_typed(self, text: str) -> None:
        """Answer a typed line, after the greeting and any other ready-made line."""
        self._transcript.typed(text)
        self._silence.caller_spoke()
        await self._greeted.wait()
        await self._lines.said()
        if self._session:
            self._gate.forget_noise()
            await self._session.interrupt()
            self._session.generate_reply(user_input=text)

    def _on_keyed_in(self, keys: str) -> None:
        """Answer what was keyed in as if it were typed."""
        self._begin(self._on_typed(f"Pressed keys: {keys}"))

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


def refused(plan: CallPlan) -> End:
    """The end of a call that could not begin."""
    cause = plan.refusal or Cause.ERROR
    return End(cause, "unavailable_message", plan.refusal_detail)
