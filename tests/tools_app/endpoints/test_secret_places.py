"""Where secrets go in a request."""

from typing import Any

import pytest
from pydantic import ValidationError

from tools_app.endpoints.secret_places import (
    SecretPlace,
    check_places,
    place_secrets,
    secrets_model,
)


def secret(place: str, **more: str) -> SecretPlace:
    """A secret called `key` that goes there."""
    return SecretPlace.model_validate({"name": "key", "place": place, **more})


@pytest.mark.parametrize(
    ("place", "headers"),
    [
        (secret("bearer"), {"Authorization": "Bearer sesame"}),
        (secret("basic"), {"Authorization": "Basic c2VzYW1l"}),
        (secret("basic", key="ava"), {"Authorization": "Basic YXZhOnNlc2FtZQ=="}),
        (secret("header", key="X-Key"), {"X-Key": "sesame"}),
        (secret("header", key="X-Key", prefix="Token"), {"X-Key": "Token sesame"}),
    ],
)
def test_secret_goes_into_its_header(
    place: SecretPlace, headers: dict[str, str]
) -> None:
    assert place_secrets([place], {"key": " sesame\n"}).headers == headers


def test_secret_goes_into_the_query_or_where_it_is_written() -> None:
    in_query = place_secrets([secret("query", key="api_key")], {"key": "sesame"})
    assert in_query.query == {"api_key": "sesame"}
    written = place_secrets([secret("placeholder")], {"key": "sesame"})
    assert written.placeholders == {"key": "sesame"}


def test_missing_secret_is_named() -> None:
    with pytest.raises(ValidationError) as caught:
        place_secrets([secret("bearer")], {"other": "sesame"})
    assert caught.value.errors()[0]["loc"] == ("key",)
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize("value", ["", "  ", "two\nlines", "nul\0"])
def test_secret_that_fits_no_header_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        place_secrets([secret("bearer")], {"key": value})
    assert not value.strip() or value not in str(caught.value)


def test_secrets_in_the_clear_have_no_repr() -> None:
    assert "sesame" not in repr(place_secrets([secret("bearer")], {"key": "sesame"}))


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ({"place": "header"}, "name the header"),
        ({"place": "query"}, "name the query"),
        ({"place": "header", "key": "X Key"}, "no header"),
        ({"place": "header", "key": "Host"}, "set by the connection"),
    ],
)
def test_place_that_is_none_is_told_with_its_mend(
    wrong: dict[str, Any], mend: str
) -> None:
    with pytest.raises(ValidationError, match=mend):
        SecretPlace.model_validate({"name": "key", **wrong})


def test_two_secrets_cannot_be_one() -> None:
    with pytest.raises(ValueError, match="two secrets are called key"):
        check_places([secret("bearer"), secret("query", key="k")])
    other = SecretPlace(name="other", place="header", key="authorization")
    with pytest.raises(ValueError, match="only one secret"):
        check_places([secret("bearer"), other])


def test_schema_of_the_secrets_makes_their_form() -> None:
    schema = secrets_model([secret("bearer", label="API key")]).model_json_schema()
    assert schema["required"] == ["key"]
    assert schema["properties"]["key"]["title"] == "API key"
    assert schema["properties"]["key"]["format"] == "password"
