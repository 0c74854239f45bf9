"""Two silences: the caller's, who is asked and then let go, and the model's."""

import asyncio
import time
from typing import Any, Protocol

from livekit.agents import (
    AgentSession,
    AgentStateChangedEvent,
    ToolCallEnded,
    ToolCallStarted,
    ToolExecutionUpdatedEvent,
    UserInputTranscribedEvent,
    UserStateChangedEvent,
)

CHECK_SECONDS = 0.25
MODEL_PATIENCE_SECONDS = 8.0
# The same while voice activity is told: who speaks on is understood by then, and
# noise goes on for ever.
NOISY_PATIENCE = 2
STALL_SECONDS = 5.0


class Host(Protocol):
    """Who is told of a silence, and knows how long the agent's voice has been quiet."""

    def quiet_seconds(self) -> float: ...
    async def ask_whether_there(self) -> None: ...
    async def let_go(self) -> None: ...
    async def remind_model(self) -> None: ...
    async def give_model_up(self) -> None: ...


class Silence:
    """Notices when nobody speaks, and whose turn it would be.

    After `seconds` without a word the caller is asked, after as many again let go. A
    model that owes an answer for longer than its patience is reminded, then given up,
    in a noisy room a little later; so is one that falls silent in the middle of an
    answer and never ends it. While a function runs nobody owes a word; the model owes
    its answer afterwards.
    """

    def __init__(self, seconds: float, host: Host) -> None:
        self._seconds = seconds
        self._host = host
        self._was_asked = self._was_reminded = False
        self._caller_speaks = self._agent_speaks = False
        self._owes_answer = False
        self._functions: set[str] = set()
        self._since = self._owed_since = time.monotonic()

    def follow(self, session: AgentSession[Any]) -> None:
        """Listen to the session's events."""
        session.on("user_state_changed", self._on_caller_state)
        session.on("user_input_transcribed", self._on_caller_words)
        session.on("agent_state_changed", self._on_agent_state)
        session.on("tool_execution_updated", self._on_function)

    def caller_spoke(self) -> None:
        """The caller said or typed something: it is the model's turn."""
        self._was_asked = False
        self._owe()

    def caller_stirred(self) -> None:
        """The caller is there and does something, as yet without a word."""
        self._since = time.monotonic()

    async def watch(self) -> None:
        """Act on silence, counted from now, until cancelled."""
        self._since = time.monotonic()
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            if self._is_stalled or self._is_overdue:
                await self._model_is_silent()
            elif not self._caller_speaks and not self._agent_speaks:
                await self._nobody_speaks()

    @property
    def _is_stalled(self) -> bool:
        """Whether the agent counts as speaking and is not to be heard."""
        return self._agent_speaks and self._host.quiet_seconds() >= STALL_SECONDS

    @property
    def _is_overdue(self) -> bool:
        """Whether the model owes an answer longer than anybody speaks for."""
        if not self._owes_answer or self._functions or self._agent_speaks:
            return False
        patience = NOISY_PATIENCE * MODEL_PATIENCE_SECONDS
        return time.monotonic() - self._owed_since >= patience

    def _owe(self) -> None:
        self._owes_answer = True
        self._since = self._owed_since = time.monotonic()

    async def _nobody_speaks(self) -> None:
        if self._functions:
            return
        quiet = time.monotonic() - self._since
        if self._owes_answer and quiet >= MODEL_PATIENCE_SECONDS:
            await self._model_is_silent()
        elif not self._owes_answer and quiet >= self._seconds:
            await self._caller_is_silent()

    async def _model_is_silent(self) -> None:
        if self._was_reminded:
            await self._host.give_model_up()
        else:
            await self._host.remind_model()
        self._was_reminded = True
        self._owe()

    async def _caller_is_silent(self) -> None:
        if self._was_asked:
            await self._host.let_go()
        else:
            await self._host.ask_whether_there()
        self._was_asked = True
        self._since = time.monotonic()

    def _on_caller_state(self, event: UserStateChangedEvent) -> None:
        self._caller_speaks = event.new_state == "speaking"
        self._since = time.monotonic()

    def _on_caller_words(self, event: UserInputTranscribedEvent) -> None:
        if event.transcript and not self._agent_speaks and not event.is_final:
            self.caller_spoke()

    def _on_function(self, event: ToolExecutionUpdatedEvent) -> None:
        match event.update:
            case ToolCallStarted(function_call=call):
                self._functions.add(call.call_id)
            case ToolCallEnded(call_id=call_id):
                self._functions.discard(call_id)
                self._owe()

    def _on_agent_state(self, event: AgentStateChangedEvent) -> None:
        """An answer pays what the model owes once begun; one brought to its end shows
        that the model is well."""
        if event.old_state == "speaking" and not self._is_stalled:
            self._was_reminded = False
        self._agent_speaks = event.new_state == "speaking"
        self._since = time.monotonic()
        if self._agent_speaks:
            self._owes_answer = False
