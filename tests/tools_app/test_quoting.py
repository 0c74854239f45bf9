"""What a stranger says of a failure, made fit for the model."""

import pytest

from tools_app.quoting import MOST_CHARACTERS, quoted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("No such  order.\n", '"No such order."'),
        ("line\r\nline\0\x1b[31mred", '"line line [31mred"'),
        ("half \ud83d", '"half ?"'),
        ("GET https://up.example/?key=abc failed", '"GET … failed"'),
        ("refused Bearer abcdefghijkl", '"refused Bearer ••••"'),
        (" \n ", ""),
    ],
)
def test_text_becomes_one_plain_line(text: str, told: str) -> None:
    assert quoted(text) == told


def test_long_text_is_cut() -> None:
    assert quoted("x" * 5_000_000) == f'"{"x" * MOST_CHARACTERS}…"'
