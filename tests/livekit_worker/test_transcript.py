"""Turns put together from the session's events, in the order of the speech."""

import pytest
from livekit.agents import (
    AgentStateChangedEvent,
    ConversationItemAddedEvent,
    UserInputTranscribedEvent,
    UserStateChangedEvent,
)
from livekit.agents.llm import ChatMessage
from livekit.rtc import EventEmitter

from livekit_worker.transcript import Transcript, moment
from livekit_worker.turn_writer import SpokenTurn
from telephony_app.models import Turn

T = 1_700_000_000.0


class Stage:
    """A session's events, told by hand, and the turns that came of them."""

    def __init__(self) -> None:
        self.turns: dict[str, SpokenTurn] = {}
        self.session: EventEmitter[str] = EventEmitter()
        self.transcript = Transcript(self._keep)
        self.transcript.follow(self.session)  # type: ignore[arg-type]

    def _keep(self, turn: SpokenTurn) -> None:
        self.turns[turn.item_id] = turn

    @property
    def lines(self) -> list[str]:
        """What was said, in order."""
        ordered = sorted(self.turns.values(), key=lambda turn: turn.spoken_from)
        return [f"{turn.speaker}: {turn.text}" for turn in ordered]

    def caller(self, state: str, at: float) -> None:
        old = "listening" if state == "speaking" else "speaking"
        event = UserStateChangedEvent(
            old_state=old,  # type: ignore[arg-type]
            new_state=state,  # type: ignore[arg-type]
            created_at=T + at,
        )
        self.session.emit("user_state_changed", event)

    def words(self, text: str, *, item: str, final: bool = False) -> None:
        event = UserInputTranscribedEvent(transcript=text, is_final=final, item_id=item)
        self.session.emit("user_input_transcribed", event)

    def agent(self, state: str, at: float) -> None:
        old = "listening" if state == "speaking" else "speaking"
        event = AgentStateChangedEvent(
            old_state=old,  # type: ignore[arg-type]
            new_state=state,  # type: ignore[arg-type]
            created_at=T + at,
        )
        self.session.emit("agent_state_changed", event)

    def committed(self, text: str, *, at: float, interrupted: bool = False) -> None:
        item = ChatMessage(
            role="assistant",
            content=[text],
            interrupted=interrupted,
            metrics={"started_speaking_at": T + at},
        )
        self.session.emit(
            "conversation_item_added", ConversationItemAddedEvent(item=item)
        )


@pytest.fixture
def stage() -> Stage:
    """An empty stage."""
    return Stage()


def test_interim_words_grow_one_turn(stage: Stage) -> None:
    stage.caller("speaking", 1)
    stage.words("what are", item="a")
    stage.words("what are your hours", item="a")
    assert stage.lines == ["caller: what are your hours"]


def test_callers_words_stand_before_the_answer_that_was_committed_first(
    stage: Stage,
) -> None:
    stage.caller("speaking", 1)
    stage.caller("listening", 2)
    stage.agent("speaking", 3)
    stage.committed("We open at nine.", at=3)
    stage.words("when do you open", item="a", final=True)
    assert stage.lines == ["caller: when do you open", "agent: We open at nine."]


def test_latency_runs_from_the_callers_stop_to_the_agents_first_sound(
    stage: Stage,
) -> None:
    stage.caller("speaking", 1)
    stage.caller("listening", 2)
    stage.agent("speaking", 2.7)
    stage.committed("Yes.", at=2.7)
    (turn,) = stage.turns.values()
    assert turn.latency_ms == 700


def test_greeting_has_no_latency(stage: Stage) -> None:
    stage.agent("speaking", 1)
    stage.committed("Hello.", at=1)
    (turn,) = stage.turns.values()
    assert turn.latency_ms is None


async def test_agents_words_are_kept_while_they_are_heard(stage: Stage) -> None:
    stage.agent("speaking", 1)
    await stage.transcript.capture_text("We open ")
    await stage.transcript.capture_text("at nine.")
    (turn,) = stage.turns.values()
    assert (turn.text, turn.is_final) == ("We open at nine.", False)


async def test_words_that_a_barge_in_cut_off_are_not_kept(stage: Stage) -> None:
    stage.agent("speaking", 1)
    await stage.transcript.capture_text("We open at")
    stage.agent("listening", 2)
    stage.committed("We open at", at=1, interrupted=True)
    await stage.transcript.capture_text(" nine on Mondays.")
    (turn,) = stage.turns.values()
    assert (turn.text, turn.was_interrupted) == ("We open at", True)


def test_typed_line_is_a_final_turn_at_once(stage: Stage) -> None:
    stage.transcript.typed("Book me in")
    (turn,) = stage.turns.values()
    assert (turn.speaker, turn.is_typed, turn.is_final) == (
        Turn.Speaker.CALLER,
        True,
        True,
    )


def test_number_of_a_card_is_not_written_down(stage: Stage) -> None:
    stage.transcript.typed("Pressed keys: 4111111111111111")
    assert stage.lines == ["caller: Pressed keys: ••••"]


def test_what_is_open_at_the_end_becomes_final(stage: Stage) -> None:
    stage.caller("speaking", 1)
    stage.words("goodbye", item="a")
    stage.transcript.close()
    assert stage.turns["a"].is_final


def test_what_is_said_after_the_end_is_not_written_down(stage: Stage) -> None:
    stage.agent("speaking", 1)
    stage.committed("Goodbye.", at=1)
    stage.transcript.close()
    stage.agent("speaking", 3)
    stage.committed("That did not work.", at=3)
    assert stage.lines == ["agent: Goodbye."]


def test_turn_knows_when_its_speech_began_and_ended(stage: Stage) -> None:
    stage.caller("speaking", 1)
    stage.words("hello", item="a")
    stage.caller("listening", 2)
    turn = stage.turns["a"]
    assert (turn.spoken_from, turn.spoken_to) == (moment(T + 1), moment(T + 2))


def test_same_words_again_do_not_lengthen_the_turn_before(stage: Stage) -> None:
    stage.caller("speaking", 1)
    stage.words("are you open", item="a")
    stage.caller("listening", 2)
    stage.caller("speaking", 20)
    stage.caller("listening", 21)
    stage.words("are you open", item="b")
    assert stage.turns["a"].spoken_to == moment(T + 2)
    assert stage.turns["b"].spoken_from == moment(T + 20)


def test_noise_without_words_does_not_begin_a_turn(stage: Stage) -> None:
    stage.caller("speaking", 1)
    stage.caller("listening", 1.2)
    stage.caller("speaking", 30)
    stage.words("hello", item="a")
    assert stage.turns["a"].spoken_from == moment(T + 30)


async def test_answer_after_a_barge_in_is_a_turn_of_its_own(stage: Stage) -> None:
    stage.agent("speaking", 1)
    await stage.transcript.capture_text("Sorry,")
    stage.agent("listening", 2)
    stage.agent("speaking", 5)
    await stage.transcript.capture_text("I am here.")
    stage.committed("Sorry,", at=1, interrupted=True)
    stage.committed("I am here.", at=5)
    assert stage.lines == ["agent: Sorry,", "agent: I am here."]
    assert [turn.was_interrupted for turn in stage.turns.values()] == [True, False]
