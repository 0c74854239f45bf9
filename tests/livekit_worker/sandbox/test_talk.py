"""Conversations over the real plugin."""

import asyncio

import pytest

from tests.livekit_worker.sandbox.conftest import Line

pytestmark = pytest.mark.asyncio


async def test_typed_question_is_answered_with_sound(line: Line) -> None:
    caller = await line.call()
    assert await caller.type("When are you open?") == (
        "We are open Monday to Friday, 9 to 17."
    )
    assert caller.speaker.seconds > 1


async def test_function_is_called_and_its_result_said(line: Line) -> None:
    caller = await line.call()
    said = await caller.type("Book an appointment for 2030-01-02 at ten")
    assert said == "Booked for 2030-01-02 at 10:00."


async def test_spoken_words_are_heard_and_answered(line: Line) -> None:
    caller = await line.call()
    caller.microphone.say("what are your opening hours")
    await caller.hears("We are open Monday to Friday")
    assert caller.transcript("user") == "what are your opening hours"


async def test_speech_that_fits_no_phrase_is_pointed_to_the_text_box(
    line: Line,
) -> None:
    caller = await line.call()
    caller.microphone.say("my dog has eaten the newspaper again")
    await caller.hears("type it in the text box")


async def test_earlier_words_are_known_after_a_restart(line: Line) -> None:
    caller = await line.call()
    history = caller.session.current_agent.chat_ctx.copy()
    history.add_message(role="user", content="My dog is called Rex.")
    history.add_message(role="assistant", content="A fine name.")
    await caller.session.current_agent.update_chat_ctx(history)
    said = await caller.type("What did I say?")
    assert said == "You said: My dog is called Rex."


async def test_text_the_platform_spoke_is_not_answered(line: Line) -> None:
    caller = await line.call()
    history = caller.session.current_agent.chat_ctx.copy()
    history.add_message(role="assistant", content="Hello, this is Ada.")
    await caller.session.current_agent.update_chat_ctx(history)
    assert await caller.type("What did you say?") == "Hello, this is Ada."


async def test_instructed_reply_is_spoken(line: Line) -> None:
    caller = await line.call()
    await caller.session.generate_reply(instructions='Say "We are closing now."')
    assert caller.transcript("assistant") == "We are closing now."


@pytest.mark.parametrize("line", [True], indirect=True)
async def test_caller_who_speaks_cuts_the_agent_off(line: Line) -> None:
    caller = await line.call(plays_slowly=True)
    answer = caller.session.generate_reply(user_input="repeat " + "one two three " * 12)
    await caller.speaker.began.wait()
    caller.microphone.say("what are your opening hours")
    await caller.hears("We are open Monday to Friday")
    await answer
    assert caller.speaker.was_interrupted


async def test_noise_beside_a_typed_question_does_not_cost_its_answer(
    line: Line,
) -> None:
    script = '[[sandbox {"replies": [{"delay": 2, "say": "It costs 80 dollars."}]}]]'
    caller = await line.call(instructions=script)
    answer = asyncio.create_task(caller.type("What does it cost?"))
    await asyncio.sleep(0.5)  # the model is thinking now
    caller.microphone.say("my dog has eaten the newspaper again")
    assert await answer == "It costs 80 dollars."
