"""What is written down of a call holds no secret."""

from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from tools_app.functions.specs import FunctionSpec
from tools_app.redaction import MASK, is_secret_name, redact_text, redacted

SPEC = FunctionSpec("act", "Do it.", {}, secret_parameters=frozenset({"word"}))
VISA = "4111 1111 1111 1111"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"


def written(**arguments: Any) -> dict[str, Any]:
    return redacted(arguments, SPEC)


def test_plain_arguments_are_kept_as_json() -> None:
    assert written(city="Rome", days=2, on=date(2030, 1, 2), names=["a"]) == {
        "city": "Rome",
        "days": 2,
        "on": "2030-01-02",
        "names": ["a"],
    }


def test_models_are_looked_into() -> None:
    class Login(BaseModel):
        name: str
        password: str

    assert written(login=Login(name="bo", password="sesame")) == {
        "login": {"name": "bo", "password": MASK}
    }


def test_parameters_marked_secret_are_masked_whatever_they_hold() -> None:
    assert written(word="hello") == {"word": MASK}
    assert written(word={"any": ["thing"]}) == {"word": MASK}


@pytest.mark.parametrize(
    "name",
    ["password", "userPassword", "api_key", "apiKey", "pin", "card_number", "cvv"]
    + ["SSN", "access_token", "tokens", "Authorization", "creditCard", "new-secret"],
)
def test_names_that_say_secret_are_masked(name: str) -> None:
    assert written(**{name: "1234"}) == {name: MASK}
    assert written(outer=[{name: 1234}]) == {"outer": [{name: MASK}]}


@pytest.mark.parametrize(
    "name",
    ["shipping", "opinion", "business_card", "city", "keyboard", "discard", "passenger"]
    + ["spinner", "key", "compass", "tokenize"],
)
def test_names_that_only_contain_such_a_word_are_kept(name: str) -> None:
    assert not is_secret_name(name)


def test_nothing_given_for_a_secret_is_seen_as_nothing() -> None:
    assert written(password=None) == {"password": None}


@pytest.mark.parametrize("card", [VISA, VISA.replace(" ", ""), "5555-5555-5555-4444"])
def test_card_numbers_are_masked_in_any_text(card: str) -> None:
    assert written(note=f"my card is {card}, thanks") == {
        "note": f"my card is {MASK}, thanks"
    }


def test_card_number_given_as_a_number_is_masked() -> None:
    assert written(value=4111111111111111) == {"value": MASK}


@pytest.mark.parametrize(
    "number", ["+49 151 12345678901", "4111 1111 1111 1112", "2030-01-02T10:00:00"]
)
def test_other_numbers_are_kept(number: str) -> None:
    assert redact_text(f"call {number}") == f"call {number}"


@pytest.mark.parametrize(
    "token",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N",
        "sk-proj-abcdefghijklmnop1234",
        "sk_live_abcdefghijklmnop1234",
        "ghp_abcdefghijklmnopqrstuvwxyz",
        "xoxb-1234567890-abcdef",
        "AKIAABCDEFGHIJKLMNOP",
        "ya29.abcdefghijklmnopqrstuvwxyz",
        PEM,
    ],
)
def test_tokens_are_masked_by_their_shape(token: str) -> None:
    assert redact_text(f"it is {token}.") == f"it is {MASK}."


@pytest.mark.parametrize("scheme", ["Bearer", "Basic"])
def test_header_keeps_its_scheme(scheme: str) -> None:
    header = f"Authorization: {scheme} dXNlcjpwYXNz"
    assert redact_text(header) == f"Authorization: {scheme} {MASK}"


def test_identifiers_are_kept() -> None:
    text = "event 5f1c2a9e-1111-4222-8333-944455566677 at ab12cd34ef56gh78ij90kl12mn"
    assert redact_text(text) == text


SECRET = 'päss "word"/+&'


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        "p%C3%A4ss%20%22word%22%2F%2B%26",
        "p%C3%A4ss+%22word%22%2F%2B%26",
        r"p\u00e4ss \"word\"/+&",
        r"päss \"word\"/+&",
        "cMOkc3MgIndvcmQiLysm",
    ],
)
def test_known_secret_is_masked_however_it_is_spelled(spelled: str) -> None:
    assert redact_text(f"a{spelled}b", {"deep": [{"key": SECRET}]}) == f"a{MASK}b"


def test_longer_secret_is_masked_before_one_inside_it() -> None:
    assert redact_text("sesame-open", ["sesame", "sesame-open"]) == MASK


def test_secret_number_is_masked() -> None:
    assert redact_text("code 918273", {"code": 918273}) == f"code {MASK}"


def test_secret_too_short_to_be_told_from_words_is_left() -> None:
    assert redact_text("a cat sat", {"x": "a", "y": True}) == "a cat sat"


@pytest.mark.parametrize(
    "opening", ["eyJ-", "eyJ", "-----BEGIN ", "-----END ", "Bearer ", "4-"]
)
def test_text_that_begins_many_secrets_and_ends_none_holds_nobody_up(
    opening: str,
) -> None:
    # A pattern that looked to the end from each of them would take an hour.
    text = opening * (2_000_000 // len(opening))
    assert len(redact_text(text)) == len(text)


def test_token_behind_a_hyphen_is_masked() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    assert redact_text(f"session-{token}!") == f"session-{MASK}!"


@pytest.mark.parametrize("times", [1, 50_000])
def test_private_key_that_was_cut_off_is_masked(times: int) -> None:
    cut = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN"
    assert redact_text(f"key: {cut * times}") == f"key: {MASK * times}"
