"""The form of a Twilio account: tokens are written, never read back."""

from typing import Any

from django import forms
from django.views.decorators.debug import sensitive_variables

from accounts.owned_admin import OwnedForm
from sealed.forms import SecretInput, SecretsForm
from sealed.handle import Sealed
from sealed.keys import SealBroken
from telephony_app.models import TwilioAccount

NEEDED = "Copy it from the first page of the Twilio console."
SECRETS = {
    "auth_token": "On the first page of the Twilio console.",
    "next_auth_token": "While you change the token: enter Twilio's secondary token "
    "here, then promote it in the console. It takes the old one's place by itself.",
    "sip_password": "Of the user name above; Set up calling out makes both by itself.",
}
LABELS = {
    "auth_token": "Auth Token",
    "next_auth_token": "Next Auth Token",
    "sip_password": "SIP password",
}
HELP = {
    "account_sid": "AC and 32 digits or letters, on the first page of the Twilio "
    "console.",
    "termination_host": "The SIP address by which calls go out. Empty until you press "
    "Set up calling out; enter another provider's to use that.",
    "sip_username": "Who we are there.",
    "keeps_recordings": "Else they are deleted at Twilio once they are stored here.",
    "transfers_by_refer": "For trunks that want it; Twilio's numbers do not.",
    "organization": "Whose account it is.",
}


def _secret(name: str) -> forms.CharField:
    return forms.CharField(
        required=False, label=LABELS[name], help_text=SECRETS[name], widget=SecretInput
    )


class AccountForm(SecretsForm, OwnedForm):
    """An organization's account."""

    second = "This organization has its Twilio account: change that one."

    class Meta:
        model = TwilioAccount
        fields = "__all__"  # noqa: DJ007  the admin page names its own
        help_texts = HELP
        labels = {"termination_host": "SIP host", "sip_username": "SIP user name"}
        error_messages = {
            "account_sid": {
                "unique": "This account is entered here already, perhaps in another "
                "organization. One organization at a time can use it."
            },
        }

    auth_token = _secret("auth_token")
    next_auth_token = _secret("next_auth_token")
    sip_password = _secret("sip_password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SECRETS.keys() & self.fields.keys():
            self.fields[name].widget.attrs["placeholder"] = self._kept(name)

    def _kept(self, name: str) -> str:
        """What may be told of the secret that is kept: its end."""
        try:
            hint = self.instance.secrets.hint(name)
        except SealBroken:
            return "It cannot be opened: its key is lost. Enter it anew."
        return f"Kept: {hint}. Leave blank to keep it." if hint else ""

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        given = {name: cleaned.get(name, "") for name in SECRETS}
        if not self.instance.secrets and not given["auth_token"]:
            self.add_error("auth_token", NEEDED)
        return cleaned

    @sensitive_variables()
    def save(self, commit: bool = True) -> TwilioAccount:
        """Seal what was typed, beside what is kept."""
        given = {name: self.cleaned_data.get(name, "") for name in SECRETS}
        if any(given.values()):
            self.instance.secrets = self._sealed(given)
        saved: TwilioAccount = super().save(commit)
        return saved

    @sensitive_variables()
    def _sealed(self, given: dict[str, str]) -> Sealed:
        kept: Sealed = self.instance.secrets
        try:
            return kept.changed_by(given)
        except SealBroken:
            return Sealed.of(given)
