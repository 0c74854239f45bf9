"""Variables: names with defaults in an agent's prompt and lines."""

import pytest
from pydantic import ValidationError

from agents_app.config import AgentConfig
from agents_app.variables import read, written

AVA = AgentConfig(
    name="Ava",
    variables={"first_name": "there", "day": "today"},
    system_prompt='Call {first_name}. Answer like {"day": 1}, {unknown}, {{day}}.',
    greeting="Hello {first_name}, this is {agent_name}.",
)


def test_lines_of_text_become_variables_and_lines_again() -> None:
    variables = read("first_name = there\r\n\n day=  a = b \nempty\n")
    assert variables == {"first_name": "there", "day": "a = b", "empty": ""}
    assert read(written(variables)) == variables


def test_name_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'day' is there twice"):
        read("day = a\nday = b")


@pytest.mark.parametrize("name", ["", "Day", "1st", "a-b", "agent_name", "x" * 41])
def test_name_that_nothing_could_use_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="cannot be a variable's name"):
        AgentConfig(name="Ava", variables={name: "x"})


def test_fifty_variables_are_enough() -> None:
    with pytest.raises(ValidationError, match="keep up to 50"):
        AgentConfig(name="Ava", variables={f"v{n}": "" for n in range(51)})


def test_line_speaks_the_defaults() -> None:
    assert AVA.line("greeting") == "Hello there, this is Ava."


def test_call_fills_some_anew_and_keeps_the_other_defaults() -> None:
    config = AVA.with_values({"first_name": "Zoe"})
    assert config.line("greeting") == "Hello Zoe, this is Ava."
    assert config.variables["day"] == "today"


def test_prompt_fills_declared_names_alone() -> None:
    assert AVA.prompt == 'Call there. Answer like {"day": 1}, {unknown}, {today}.'


def test_value_with_braces_is_said_as_it_is() -> None:
    config = AVA.with_values({"first_name": "{agent_name}"})
    assert config.line("greeting") == "Hello {agent_name}, this is Ava."


def test_line_with_an_undeclared_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="name it under Variables"):
        AgentConfig(name="Ava", greeting="Hello {first_name}")


def test_line_that_values_leave_blank_is_the_default_one() -> None:
    config = AgentConfig(
        name="Ava", variables={"sorry": ""}, unavailable_message="{sorry} "
    )
    assert config.line("unavailable_message").startswith("I am sorry")
    assert config.lines.keys() == AVA.lines.keys()


def test_blank_voicemail_message_is_no_line() -> None:
    assert "voicemail_message" not in AVA.lines
    spoken = AgentConfig(name="Ava", voicemail_message="Call {agent_name} back.")
    assert spoken.lines["voicemail_message"] == "Call Ava back."


def test_voicemail_message_that_values_leave_blank_is_no_line() -> None:
    config = AgentConfig(name="Ava", variables={"why": ""}, voicemail_message=" {why} ")
    assert "voicemail_message" not in config.lines
