"""The system check of the keys."""

import pytest
from pytest_django import Settings

from sealed.checks import keys_are_there


def test_usable_keys_pass() -> None:
    assert keys_are_there(None) == []


@pytest.mark.parametrize("keys", [[], ["short"]])
def test_missing_or_malformed_keys_stop_the_start(
    settings: Settings, keys: list[str]
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = keys
    (error,) = keys_are_there(None)
    assert error.id == "sealed.E001"
    assert "new_field_key" in str(error)
