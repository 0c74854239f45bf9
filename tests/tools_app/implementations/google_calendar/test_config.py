"""What staff may set of a calendar."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from tests.standins.google.token import key_file
from tools_app.implementations.google_calendar.config import (
    ZONES,
    CalendarConfig,
    CalendarSecrets,
)

GOOD = {"calendar_id": "salon@example.com", "time_zone": "Europe/Berlin"}
KEY = key_file("https://oauth2.googleapis.com/token")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_zone": "Berlin"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"calendar_id": ""}, "calendar_id"),
        ({"monday": "9 to 5"}, "monday"),
        ({"slot_minutes": 0}, "slot_minutes"),
        ({"buffer_minutes": -1}, "buffer_minutes"),
        ({"max_days_ahead": 1000}, "max_days_ahead"),
        ({"access": "some"}, "access"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_settings_are_named(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        CalendarConfig.model_validate(GOOD | wrong)
    assert [error["loc"] for error in caught.value.errors()] == [(field,)]


def test_form_offers_the_time_zones_to_choose_from() -> None:
    schema = CalendarConfig.model_json_schema()
    assert schema["properties"]["time_zone"]["enum"] == ZONES
    assert {"Europe/Berlin", "America/New_York", "UTC"} <= set(ZONES)


def test_every_zone_that_is_offered_works() -> None:
    for zone in ZONES:
        config = CalendarConfig.model_validate(GOOD | {"time_zone": zone})
        assert config.zone.key == zone


def test_key_of_a_service_account_is_taken() -> None:
    assert CalendarSecrets(service_account_key=KEY).service_account_key == KEY


@pytest.mark.parametrize("part", ["client_email", "private_key"])
def test_key_with_a_part_missing_is_refused(part: str) -> None:
    key = {k: v for k, v in json.loads(KEY).items() if k != part}
    with pytest.raises(ValidationError, match="paste the whole file"):
        CalendarSecrets(service_account_key=json.dumps(key))


@pytest.mark.parametrize("text", ["", "AIzaSyD-not-json", '{"a": ', "[]", "null"])
def test_what_is_no_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValidationError, match="not the JSON key") as caught:
        CalendarSecrets(service_account_key=text)
    assert "AIzaSyD" not in str(caught.value)


def test_repr_shows_no_key() -> None:
    secrets = CalendarSecrets(service_account_key=KEY)
    assert "PRIVATE" not in repr(secrets) + str(secrets)
