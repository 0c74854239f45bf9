"""Days and times as they are said."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tools_app.implementations.google_calendar.spans import Span
from tools_app.implementations.google_calendar.spoken import (
    spoken_day,
    spoken_now,
    spoken_span,
)

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2030, 11, 26), "Tuesday 26 November"),
        (date(2030, 12, 1), "Sunday 1 December"),
        (date(2031, 1, 2), "Thursday 2 January 2031"),
    ],
)
def test_year_is_said_where_it_is_another(day: date, said: str) -> None:
    assert spoken_day(day, date(2030, 11, 23)) == said


def test_day_of_the_end_is_said_where_it_is_another() -> None:
    night = [datetime(2030, 11, 26, hour, tzinfo=UTC) for hour in (22, 23)]
    assert spoken_span(Span(*night), BERLIN) == (
        "Tuesday 26 November, 23:00 to Wednesday 27 November, 00:00"
    )


def test_now_is_said_with_all_of_it() -> None:
    assert spoken_now(BERLIN) == "It is Saturday 23 November 2030, 10:08."
