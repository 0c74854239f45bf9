"""A Python class as a tool of a call."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tests.tools_app.signatures import Address, Color, ManySignatures, Person
from tools_app.base import BaseConfig, BaseSensitiveConfig, BaseTool, RunContext
from tools_app.code_tools.tool import CodeTool
from tools_app.errors import ToolError

Context = RunContext[Any]


class Guest(BaseModel):
    name: str
    age: int


class PartyTool(BaseTool):
    """A tool that remembers what was done to it."""

    class Config(BaseConfig):
        town: str = "Rome"

    class SensitiveConfig(BaseSensitiveConfig):
        api_key: str

    async def setup(self) -> None:
        self.guests: list[str] = []

    async def invite(
        self, context: Context, guests: list[Guest], note: str = "come!", days: int = 1
    ) -> dict[str, object]:
        """Invite people."""
        self.guests += [guest.name for guest in guests]
        return {"town": self.config.town, "guests": self.guests, "context": context}

    async def fail(self, context: Context) -> None:
        """Fail."""
        raise ToolError("The hall is closed.")


@pytest.fixture
def party() -> CodeTool:
    return CodeTool(PartyTool, {"town": "Oslo"}, {"api_key": "sesame"})


def refusal(party: CodeTool, **arguments: Any) -> str:
    """What the model is told of these arguments."""
    with pytest.raises(ToolError) as caught:
        party.validated("invite", arguments)
    return caught.value.words


def test_specs_are_the_functions_of_the_class(party: CodeTool) -> None:
    assert [spec.name for spec in party.specs] == ["invite", "fail"]


async def test_function_gets_arguments_settings_and_context(party: CodeTool) -> None:
    await party.setup()
    arguments = party.validated("invite", {"guests": [{"name": "Bo", "age": "9"}]})
    result = await party.call("invite", arguments, "the context")  # type: ignore[arg-type]
    assert result == {"town": "Oslo", "guests": ["Bo"], "context": "the context"}


def test_arguments_come_with_defaults_and_as_their_types(party: CodeTool) -> None:
    arguments = party.validated("invite", {"guests": [{"name": "Bo", "age": 9}]})
    guests = [Guest(name="Bo", age=9)]
    assert arguments == {"guests": guests, "note": "come!", "days": 1}


def test_null_means_the_default_where_null_is_no_value(party: CodeTool) -> None:
    arguments = party.validated("invite", {"guests": [], "days": None})
    assert arguments["days"] == 1


def test_each_wrong_field_is_named_with_what_it_should_be(party: CodeTool) -> None:
    words = refusal(party, guests=[{"name": "Bo"}], days="soon")
    assert "guests.0.age is missing" in words
    assert "days should be a valid integer" in words


def test_words_of_a_refusal_hold_no_values(party: CodeTool) -> None:
    assert "4111" not in refusal(party, guests="4111 1111", days="4111")


def test_missing_argument_is_named(party: CodeTool) -> None:
    assert refusal(party) == "Wrong arguments for invite: guests is missing."


def test_argument_that_the_function_does_not_have_is_named(party: CodeTool) -> None:
    assert "there is no place" in refusal(party, guests=[], place="hall")


def test_many_faults_are_counted_not_recited(party: CodeTool) -> None:
    words = refusal(party, guests=[{}] * 10)
    assert words.endswith("; and 15 more.")


def test_unknown_function_is_answered_with_those_there_are(party: CodeTool) -> None:
    with pytest.raises(ToolError, match=r"no function dance\. There is invite, fail"):
        party.validated("dance", {})


async def test_errors_of_the_author_come_through(party: CodeTool) -> None:
    with pytest.raises(ToolError, match="The hall is closed"):
        await party.call("fail", {}, "the context")  # type: ignore[arg-type]


def test_wrong_settings_are_named_and_secrets_not_shown() -> None:
    with pytest.raises(ValidationError) as caught:
        CodeTool(PartyTool, {}, {"api_kee": "sesame"})
    assert "api_key" in str(caught.value)
    assert "sesame" not in str(caught.value)


def test_repr_shows_no_secret(party: CodeTool) -> None:
    assert "sesame" not in repr(party) + repr(vars(party))


@pytest.mark.parametrize(
    ("function", "given", "taken"),
    [
        ("enum", {"color": "red"}, {"color": Color.RED}),
        ("keyword_only", {"city": "Rome"}, {"city": "Rome", "days": 1}),
        ("optional", {"city": None}, {"city": None}),
        ("named_like_a_method", {"json": "a", "copy": "b"}, {"json": "a", "copy": "b"}),
        (
            "model_or_text",
            {"where": {"street": "A", "city": "B"}},
            {"where": Address(street="A", city="B")},
        ),
        (
            "models",
            {"people": [{"name": "Bo", "address": {"street": "A", "city": "B"}}]},
            {"people": [Person(name="Bo", address=Address(street="A", city="B"))]},
        ),
    ],
)
def test_arguments_are_taken_as_annotated(
    function: str, given: dict[str, Any], taken: dict[str, Any]
) -> None:
    assert CodeTool(ManySignatures, {}, {}).validated(function, given) == taken
