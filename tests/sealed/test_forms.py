"""The form field of a secret: written, never read back."""

import pytest
from django import forms
from pytest_django import Settings

from sealed.forms import SecretCharField
from sealed.handle import Sealed
from tests.sealed.conftest import PLANTED

KEPT = Sealed.of({"api_key": PLANTED})


class SecretForm(forms.Form):
    """A form with one secret that is kept already."""

    api_key = SecretCharField(kept=KEPT, name="api_key")


def test_box_shows_the_hint_and_never_the_secret() -> None:
    page = SecretForm(initial={"api_key": PLANTED}).as_p()
    assert "…a1b2" in page
    assert PLANTED not in page


def test_what_was_typed_is_not_sent_back_with_an_error() -> None:
    form = SecretForm({"api_key": "typed-" + PLANTED})
    form.add_error("api_key", "The service refuses this key.")
    assert PLANTED not in form.as_p()


def test_blank_is_no_change() -> None:
    form = SecretForm({"api_key": ""})
    assert form.is_valid()
    assert not form.has_changed()
    assert KEPT.changed_by(form.cleaned_data).reveal() == {"api_key": PLANTED}


def test_typed_secret_replaces_the_kept_one() -> None:
    form = SecretForm({"api_key": "new-key"})
    assert form.is_valid()
    assert KEPT.changed_by(form.cleaned_data).reveal() == {"api_key": "new-key"}


@pytest.fixture
def lost_key(new_key: str, settings: Settings) -> None:
    """Nothing that was sealed before can be opened."""
    settings.FIELD_ENCRYPTION_KEYS = [new_key]


def test_form_of_a_secret_that_no_key_opens_says_so(lost_key: None) -> None:
    field = SecretCharField(kept=KEPT, name="api_key")
    assert "cannot be opened" in field.widget.attrs["placeholder"]
