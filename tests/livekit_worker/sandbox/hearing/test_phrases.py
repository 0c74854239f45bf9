"""Things one can say to the sandbox model."""

import re
import subprocess
import sys

import pytest

from livekit_worker.sandbox.function import Function
from livekit_worker.sandbox.hearing.grammar import answer_grammar, request_grammar
from livekit_worker.sandbox.hearing.phrases import GENERAL, phrases
from tests.livekit_worker.sandbox.conftest import BOOK, CANCEL, WEATHER

FUNCTIONS = (BOOK, CANCEL, WEATHER)


def is_request(text: str, *, unknown: str = "") -> bool:
    """Whether the grammar of requests holds `text`."""
    grammar = request_grammar(FUNCTIONS, is_known=lambda word: word != unknown)
    return re.fullmatch(grammar.pattern(), f"{text} ") is not None


def test_functions_come_before_small_talk() -> None:
    assert phrases(FUNCTIONS) == [
        "book an appointment for monday at ten for haircut",
        "cancel an appointment for two",
        "what is the weather",
        *GENERAL,
    ]


def test_prefix_of_a_tool_is_not_spoken() -> None:
    names = ("my_calendar_create_event", "my_calendar_list_events")
    said = phrases([Function(name) for name in names])
    assert said[:2] == ["create an event", "list events"]


def test_every_phrase_shown_is_in_the_grammar() -> None:
    assert [text for text in phrases(FUNCTIONS) if not is_request(text)] == []


@pytest.mark.parametrize("text", ["book", "what is your", "two", "book an"])
def test_half_a_phrase_is_not_in_the_grammar(text: str) -> None:
    assert not is_request(text)


def test_phrase_with_a_word_the_decoder_does_not_know_is_left_out() -> None:
    assert not is_request("cancel an appointment", unknown="appointment")
    assert is_request("what is the weather", unknown="appointment")


def test_answers_hold_days_times_and_choices() -> None:
    pattern = answer_grammar(FUNCTIONS, is_known=lambda word: True).pattern()
    for text in ("tuesday at half past ten", "noon", "coloring", "seven", "yes"):
        assert re.fullmatch(pattern, f"{text} ")


def test_web_process_loads_no_engine_for_phrases() -> None:
    code = (
        "import sys, livekit_worker.sandbox.hearing.phrases\n"
        "engines = ('livekit', 'google', 'pocketsphinx', 'numpy', 'websockets')\n"
        "print([name for name in engines if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
