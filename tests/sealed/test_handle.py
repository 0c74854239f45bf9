"""`Sealed`: what it shows, and what it never does."""

import copy
import json
import logging
import pickle

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings
from rest_framework.utils.encoders import JSONEncoder

from sealed.handle import Sealed
from sealed.keys import SealBroken, keyring
from tests.sealed.conftest import PLANTED


@pytest.fixture
def sealed() -> Sealed:
    """One secret."""
    return Sealed.of({"api_key": PLANTED})


def test_only_reveal_gives_the_plain_words(sealed: Sealed) -> None:
    assert sealed.reveal() == {"api_key": PLANTED}


@pytest.mark.parametrize("show", [str, repr, lambda s: f"{s}", lambda s: f"{s!r:>40}"])
def test_showing_it_gives_dots(sealed: Sealed, show: object) -> None:
    assert callable(show)
    assert show(sealed).strip() == "••••"


def test_log_record_of_it_holds_dots(
    sealed: Sealed, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("test").error("got %s and %r", sealed, {"secret": sealed})
    assert PLANTED not in caplog.text


def test_json_is_refused_or_dots(sealed: Sealed) -> None:
    with pytest.raises(TypeError):
        json.dumps(sealed)
    assert PLANTED not in json.dumps({"secret": str(sealed)}, cls=JSONEncoder)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_is_refused(sealed: Sealed, protocol: int) -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(sealed, protocol)


def test_copies_are_the_same_handle(sealed: Sealed) -> None:
    assert copy.copy(sealed) is sealed
    assert copy.deepcopy({"kept": sealed})["kept"] is sealed


def test_hint_is_the_last_four_characters_of_a_long_secret(sealed: Sealed) -> None:
    assert sealed.hint("api_key") == "…a1b2"


def test_hint_of_a_short_secret_gives_nothing_away() -> None:
    assert Sealed.of({"pin": "123456"}).hint("pin") == "••••"


def test_hint_of_what_is_not_there_is_empty(sealed: Sealed) -> None:
    assert sealed.hint("other") == ""


def test_blank_change_keeps_the_secret(sealed: Sealed) -> None:
    changed = sealed.changed_by({"api_key": "", "account": "acme"})
    assert changed.reveal() == {"api_key": PLANTED, "account": "acme"}


def test_removed_secret_is_gone(sealed: Sealed) -> None:
    assert not sealed.changed_by({}, without=frozenset({"api_key"}))


def test_nothing_sealed_is_false_and_empty() -> None:
    assert not Sealed.of({"api_key": ""})
    assert str(Sealed()) == ""
    assert Sealed().reveal() == {}


@pytest.mark.parametrize("keys", [[Fernet.generate_key().decode()], [], ["no-key"]])
def test_lost_key_raises_and_never_gives_the_token(
    sealed: Sealed, settings: Settings, keys: list[str]
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = keys
    with pytest.raises(SealBroken, match="FIELD_ENCRYPTION_KEYS") as broken:
        sealed.reveal()
    assert sealed.token not in str(broken.value)


def test_older_key_still_opens(sealed: Sealed, settings: Settings) -> None:
    old = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
    assert sealed.reveal() == {"api_key": PLANTED}


def test_secret_key_of_django_has_no_part_in_it(
    sealed: Sealed, settings: Settings
) -> None:
    settings.SECRET_KEY = "another-" + "z" * 40
    assert sealed.reveal() == {"api_key": PLANTED}


@pytest.mark.parametrize("keys", [[], ["no-key"]])
def test_unusable_keys_are_refused_by_name(settings: Settings, keys: list[str]) -> None:
    settings.FIELD_ENCRYPTION_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match="new_field_key"):
        keyring()
