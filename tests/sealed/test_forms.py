"""The box of a secret: written into, never read back."""

from django import forms

from sealed.forms import SecretInput
from tests.sealed.conftest import PLANTED


class SecretForm(forms.Form):
    """A form with one secret."""

    api_key = forms.CharField(widget=SecretInput, required=False)


def test_box_never_shows_the_secret() -> None:
    page = SecretForm(initial={"api_key": PLANTED}).as_p()
    assert 'type="password"' in page and 'autocomplete="new-password"' in page
    assert PLANTED not in page


def test_what_was_typed_is_not_sent_back_with_an_error() -> None:
    form = SecretForm({"api_key": "typed-" + PLANTED})
    form.add_error("api_key", "The service refuses this key.")
    assert PLANTED not in form.as_p()


def test_what_was_typed_is_read() -> None:
    form = SecretForm({"api_key": "new-key"})
    assert form.is_valid() and form.cleaned_data == {"api_key": "new-key"}
