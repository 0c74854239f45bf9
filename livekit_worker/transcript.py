"""Who said what when, put together from the session's events.

With Gemini a caller's words are committed only after the agent's answer, and two
utterances can share an item id, so a turn starts when the speech began (by local voice
activity), grows with interim words, and is ordered by that start alone.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from livekit.agents import (
    AgentSession,
    AgentStateChangedEvent,
    ConversationItemAddedEvent,
    UserInputTranscribedEvent,
    UserStateChangedEvent,
)
from livekit.agents.llm import ChatMessage
from livekit.agents.voice.io import TextOutput

from livekit_worker.turn_writer import SpokenTurn
from telephony_app.models import Turn
from tools_app.redaction import redact_text

Write = Callable[[SpokenTurn], None]
PAUSE = timedelta(seconds=3)
SAME_START = timedelta(seconds=0.5)


def moment(seconds: float) -> datetime:
    """A library's time (seconds since 1970) as a time of ours."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def _forget(turn: SpokenTurn) -> None:
    """Write nothing down."""


class Transcript(TextOutput):
    """The turns of a call. It is also the end of the agent's text output, whose words
    arrive as they are heard."""

    def __init__(self, write: Write) -> None:
        super().__init__(label="transcript", next_in_chain=None)
        self._write = write
        self._caller: SpokenTurn | None = None
        self._agent: SpokenTurn | None = None
        self._uncommitted: list[SpokenTurn] = []
        self._speech_began: datetime | None = None
        self._speech_ended: datetime | None = None
        self._unanswered_since: datetime | None = None
        self._agent_began: datetime | None = None

    def follow(self, session: AgentSession[Any]) -> None:
        """Listen to the session's events."""
        session.on("user_state_changed", self._on_caller_state)
        session.on("user_input_transcribed", self._on_caller_words)
        session.on("agent_state_changed", self._on_agent_state)
        session.on("conversation_item_added", self._on_item)

    def typed(self, text: str) -> None:
        """Take a line that the caller typed or keyed in, without a card's number."""
        now = datetime.now(UTC)
        self._unanswered_since = now
        self._write(
            SpokenTurn(
                item_id=f"typed-{uuid.uuid4().hex}",
                speaker=Turn.Speaker.CALLER,
                spoken_from=now,
                spoken_to=now,
                text=redact_text(text),
                is_final=True,
                is_typed=True,
            )
        )

    def said_alone(self, text: str) -> None:
        """Take a line that was said without a session."""
        turn = self._open_agent_turn(datetime.now(UTC))
        turn.text = text
        self._commit(turn, was_interrupted=False)

    def close(self) -> None:
        """The call is over: what is known of the open turns is all there will be, and
        what the model may still have to say nobody hears."""
        for turn in (self._caller, *self._uncommitted, self._agent):
            if turn and not turn.is_final:
                turn.is_final = True
                self._write(turn)
        self._write = _forget

    def _on_caller_state(self, event: UserStateChangedEvent) -> None:
        at = moment(event.created_at)
        if event.new_state == "speaking":
            self._caller_began(at)
        elif event.old_state == "speaking":
            self._speech_ended = self._unanswered_since = at
            if self._caller and self._speech_began is None:
                self._caller.spoken_to = at
                self._write(self._caller)

    def _caller_began(self, at: datetime) -> None:
        """Speech goes on after a short pause; a sound without words was noise."""
        ended = self._speech_ended
        goes_on = self._speech_began and (ended is None or at - ended <= PAUSE)
        if not goes_on:
            self._speech_began = at

    def _on_caller_words(self, event: UserInputTranscribedEvent) -> None:
        turn = self._caller_turn(event.item_id or "")
        turn.text = event.transcript
        turn.is_final = event.is_final
        if self._speech_ended and self._speech_ended > turn.spoken_from:
            turn.spoken_to = turn.spoken_to or self._speech_ended
        self._write(turn)

    def _caller_turn(self, item_id: str) -> SpokenTurn:
        if self._caller is None or self._caller.item_id != item_id:
            self._caller = SpokenTurn(
                item_id=item_id or f"caller-{uuid.uuid4().hex}",
                speaker=Turn.Speaker.CALLER,
                spoken_from=self._speech_began or datetime.now(UTC),
            )
        self._speech_began = None
        return self._caller

    def _on_agent_state(self, event: AgentStateChangedEvent) -> None:
        at = moment(event.created_at)
        if event.new_state == "speaking":
            self._agent_began = at
            self._leave_agent_turn()
        elif event.old_state == "speaking":
            self._agent_began = None
            if self._agent:
                self._agent.spoken_to = at
                self._write(self._agent)

    def _leave_agent_turn(self) -> None:
        """A turn that a new one follows waits for its commit, which may come late."""
        if self._agent:
            self._uncommitted.append(self._agent)
            self._agent = None

    async def capture_text(self, text: str) -> None:
        """Take words as they are heard; what comes after the voice fell silent is what
        a barge-in cut off."""
        if self._agent_began:
            turn = self._open_agent_turn(self._agent_began)
            turn.text += text
            self._write(turn)

    def flush(self) -> None:
        """The end of a text segment; the committed item tells what was really heard."""

    def _on_item(self, event: ConversationItemAddedEvent) -> None:
        item = event.item
        if not isinstance(item, ChatMessage) or item.role != "assistant":
            return
        if text := item.text_content:
            began = item.metrics.get("started_speaking_at")
            at = moment(began) if began else self._agent_began or datetime.now(UTC)
            turn = self._agent_turn_at(at)
            turn.text = text
            self._commit(turn, was_interrupted=item.interrupted)

    def _agent_turn_at(self, began: datetime) -> SpokenTurn:
        """The turn that began then: the open one, or one that was left before."""
        for turn in self._uncommitted:
            if abs(turn.spoken_from - began) < SAME_START:
                return turn
        return self._open_agent_turn(began)

    def _open_agent_turn(self, began: datetime) -> SpokenTurn:
        if self._agent is None:
            self._agent = SpokenTurn(
                item_id=f"agent-{uuid.uuid4().hex}",
                speaker=Turn.Speaker.AGENT,
                spoken_from=began,
                latency_ms=self._take_latency(began),
            )
        return self._agent

    def _take_latency(self, began: datetime) -> int | None:
        """Milliseconds from the caller's stop to the agent's first audio, once."""
        since, self._unanswered_since = self._unanswered_since, None
        if since is None or began < since:
            return None
        return round((began - since).total_seconds() * 1000)

    def _commit(self, turn: SpokenTurn, *, was_interrupted: bool) -> None:
        turn.is_final = True
        turn.was_interrupted = was_interrupted
        turn.spoken_to = turn.spoken_to or datetime.now(UTC)
        self._write(turn)
        self._uncommitted = [t for t in self._uncommitted if t is not turn]
        if turn is self._agent:
            self._agent = None
