"""The boxes of secrets: written into, never read back."""

from django import forms

from sealed.forms import AGAIN, LongSecretInput, SecretInput, SecretsForm
from tests.sealed.conftest import PLANTED


class SecretForm(SecretsForm, forms.Form):
    """A form with two secrets and a field that is no secret."""

    api_key = forms.CharField(widget=SecretInput, required=False)
    account = forms.JSONField(widget=LongSecretInput, required=False)
    note = forms.CharField(max_length=5, required=False)


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
    assert form.is_valid() and form.cleaned_data["api_key"] == "new-key"


def test_typed_secrets_are_asked_for_again_when_another_field_is_wrong() -> None:
    form = SecretForm({"api_key": "new", "account": '{"id": 1}', "note": "too long"})
    assert list(form.errors) == ["note", "api_key", "account"]
    assert form.errors["api_key"] == form.errors["account"] == [AGAIN]


def test_secrets_that_were_left_blank_are_not_asked_for_again() -> None:
    form = SecretForm({"api_key": "", "account": "", "note": "too long"})
    assert list(form.errors) == ["note"]


def test_secret_that_is_wrong_itself_is_told_its_own_fault_alone() -> None:
    form = SecretForm({"account": "{", "note": "too long"})
    assert form.errors["account"] == ["Enter a valid JSON."]
