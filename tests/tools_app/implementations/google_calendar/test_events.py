"""Events as Google writes them."""

from zoneinfo import ZoneInfo

import pytest

from tools_app.implementations.google_calendar.events import Event

BERLIN = ZoneInfo("Europe/Berlin")


def event(**fields: object) -> Event:
    return Event.model_validate({"id": "abcde", **fields})


@pytest.mark.parametrize(
    ("name", "is_theirs"),
    [
        ("Zoë Müller", True),
        ("zoe muller", True),
        ("Müller", True),
        ("Mull", False),
        ("Zoe Meier", False),
        ("", False),
        ("---", False),
    ],
)
def test_event_is_found_by_whole_names(name: str, is_theirs: bool) -> None:
    assert event(summary="Haircut (Zoë Müller)").is_of(name, "") is is_theirs


def test_event_is_found_by_the_number_that_made_it() -> None:
    mine = event(extendedProperties={"private": {"caller": "+491"}})
    assert mine.is_of("", "+491")
    assert not mine.is_of("", "+492")


def test_event_without_a_number_is_nobodys_without_one() -> None:
    unknown = event(extendedProperties={"private": {"caller": ""}})
    assert not unknown.is_of("", "")


def test_all_day_event_lasts_from_midnight_to_midnight_here() -> None:
    days = {"start": {"date": "2030-10-27"}, "end": {"date": "2030-10-28"}}
    span = event(**days).span(BERLIN)
    assert span.length.total_seconds() == 25 * 3600
    assert event(**days).is_all_day


@pytest.mark.parametrize(
    ("fields", "blocks"),
    [
        ({}, True),
        ({"status": "tentative"}, True),
        ({"status": "cancelled"}, False),
        ({"transparency": "transparent"}, False),
    ],
)
def test_event_takes_its_time_unless_it_says_otherwise(
    fields: dict[str, str], blocks: bool
) -> None:
    assert event(**fields).blocks is blocks
