"""Templates of a request."""

from typing import Any

import pytest

from tools_app.endpoints.placeholders import LeftOut, as_text, fill, fill_text, names_in

VALUES = {
    "city": "Zürich",
    "days": 3,
    "tags": ["a", "b"],
    "when": {"at": 9},
    "no": None,
}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{city}", "Zürich"),
        ("{days}", 3),
        ("{tags}", ["a", "b"]),
        ("{when}", {"at": 9}),
        ("{no}", None),
        ("in {city} for {days}", "in Zürich for 3"),
        ("{{city}}", "{city}"),
        ({"q": {"where": ["{city}", 1]}}, {"q": {"where": ["Zürich", 1]}}),
        (7, 7),
        (None, None),
    ],
)
def test_values_keep_their_types_where_they_stand_alone(
    template: Any, filled: Any
) -> None:
    assert fill(template, VALUES) == filled


def test_what_was_not_given_is_left_out_with_its_key() -> None:
    template = {"city": "{city}", "note": "about {topic}", "list": ["{topic}", 1]}
    assert fill(template, VALUES) == {"city": "Zürich", "list": [1]}


def test_whole_template_that_was_not_given_says_so() -> None:
    with pytest.raises(LeftOut):
        fill("{topic}", VALUES)


def test_value_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"
    assert fill_text("x{a}", {"a": "{b}", "b": "secret"}) == "x{b}"


def test_names_are_found_at_any_depth() -> None:
    template = {"a": ["{one}", {"b": "x{two}y{{three}}"}], "c": 1}
    assert list(names_in(template)) == ["one", "two"]


@pytest.mark.parametrize("text", ["{", "a}", "{}", "{a-b}", "{a.b}", "{0}", "{a[0]}"])
def test_stray_brace_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="no placeholder"):
        list(names_in(text))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, ""),
        (3.0, "3"),
        (3.5, "3.5"),
        ([1, "b"], "1,b"),
        ({"a": [1]}, '{"a": [1]}'),
    ],
)
def test_values_have_a_text_for_urls_and_headers(value: Any, text: str) -> None:
    assert as_text(value) == text
