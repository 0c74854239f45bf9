"""What the sandbox model answers."""

import pytest

from livekit_worker.sandbox.conversation import Call, Conversation, Say
from livekit_worker.sandbox.function import Function
from tests.livekit_worker.sandbox.conftest import SATURDAY


def answer(conversation: Conversation, text: str, *, is_heard: bool = False) -> str:
    """The words answered to `text`."""
    actions = conversation.hear(text, is_heard=is_heard)
    return " ".join(action.text for action in actions if isinstance(action, Say))


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("hello", "Hello! How can I help you?"),
        ("How are you?", "I am fine, thank you. How can I help you?"),
        ("repeat the blue fox", "the blue fox"),
        ("goodbye", "Goodbye, and thank you for calling."),
    ],
)
def test_small_talk_is_answered(
    conversation: Conversation, said: str, answered: str
) -> None:
    assert answer(conversation, said) == answered


def test_name_comes_from_the_instructions(conversation: Conversation) -> None:
    said = answer(conversation, "What is your name?")
    assert said.startswith("I am Ada, the receptionist of Salon Blue.")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What are your opening hours?", "We are open Monday to Friday, 9 to 17."),
        ("where can I park?", "Parking is behind the house."),
    ],
)
def test_question_is_answered_with_a_sentence_of_the_instructions(
    conversation: Conversation, question: str, sentence: str
) -> None:
    assert answer(conversation, question) == sentence


def test_what_fits_no_rule_is_echoed_with_what_it_can_do(
    conversation: Conversation,
) -> None:
    said = answer(conversation, "purple elephants")
    assert said.startswith("I heard: purple elephants. I am the sandbox model")
    assert "book appointment" in said


def test_function_is_called_with_what_the_sentence_holds(
    conversation: Conversation,
) -> None:
    actions = conversation.hear("Book a haircut appointment for Monday at half past 2")
    arguments = {"day": "2026-11-23", "time": "14:30", "service": "haircut"}
    assert actions == [Call("book_appointment", arguments)]


def test_missing_parameters_are_asked_one_at_a_time(conversation: Conversation) -> None:
    assert answer(conversation, "please book something") == "What is the day?"
    assert answer(conversation, "tomorrow") == "What is the time?"
    assert answer(conversation, "ten") == "Which service: haircut or coloring?"
    assert conversation.hear("coloring, please") == [
        Call(
            "book_appointment",
            {"day": "2026-11-22", "time": "10:00", "service": "coloring"},
        )
    ]


def test_answer_that_does_not_fit_is_asked_again(conversation: Conversation) -> None:
    conversation.hear("please book something")
    assert answer(conversation, "purple") == "What is the day?"


def test_request_can_be_cancelled(conversation: Conversation) -> None:
    conversation.hear("please book something")
    assert answer(conversation, "cancel that") == "All right, I will not do it."
    assert answer(conversation, "hello") == "Hello! How can I help you?"


def test_words_that_fit_two_functions_are_asked_about(
    conversation: Conversation,
) -> None:
    said = answer(conversation, "it is about an appointment")
    assert said == "Do you mean book appointment or cancel appointment?"


def test_free_text_is_what_follows_the_name(conversation: Conversation) -> None:
    actions = conversation.hear("What is the weather in New York?")
    assert actions == [Call("get_weather", {"city": "New York"})]


def test_spoken_side_effect_is_confirmed_first(conversation: Conversation) -> None:
    said = answer(conversation, "cancel an appointment for two", is_heard=True)
    assert said == "Shall I cancel appointment with number: 2? Say yes or no."
    assert conversation.hear("yes", is_heard=True) == [
        Call("cancel_appointment", {"number": 2})
    ]


def test_spoken_side_effect_is_dropped_on_no(conversation: Conversation) -> None:
    conversation.hear("cancel an appointment for two", is_heard=True)
    assert answer(conversation, "no thank you") == "All right, I will not do it."


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ({"output": "Booked for Monday."}, "Booked for Monday."),
        ({"output": '{"city": "Paris", "degrees": 21}'}, "city: Paris, degrees: 21."),
        ({"output": "{'is_free': True}"}, "is free: yes."),
        ({"output": ""}, "That is done."),
        ({"error": "No such day"}, "That did not work: No such day."),
    ],
)
def test_result_is_said(
    conversation: Conversation, response: dict[str, str], said: str
) -> None:
    assert conversation.results([response]) == [Say(said)]


def test_what_was_said_before_is_known(conversation: Conversation) -> None:
    conversation.remember("user", "My dog is called Rex.")
    conversation.remember("model", "A fine name.")
    assert answer(conversation, "What did I say?") == "You said: My dog is called Rex."
    assert answer(conversation, "hm") != ""


@pytest.mark.parametrize(
    ("instruction", "said"),
    [
        ('Say exactly "We are closed."', "We are closed."),
        ("Greet the caller and offer help.", "Hello! How can I help you?"),
        ("The caller is silent: ask.", "Are you still there?"),
        ("Go on.", "I am here. How can I help you?"),
    ],
)
def test_instructed_reply_says_what_it_is_told(
    conversation: Conversation, instruction: str, said: str
) -> None:
    assert conversation.instruct(instruction) == [Say(said)]


def test_goodbye_calls_the_function_that_ends_the_call() -> None:
    conversation = Conversation(functions=[Function("end_call", "End the call.")])
    assert conversation.hear("bye") == [Call("end_call", {})]


def test_copy_does_not_change_with_the_original(conversation: Conversation) -> None:
    copy = conversation.copy()
    conversation.hear("please book something")
    assert (copy.history, copy.request) == ([], None)
    assert copy.today() == SATURDAY
