"""Whether an account's SID and token open it, and what Twilio says of it."""

from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from telephony_app.models import TwilioAccount
from telephony_app.twilio.rest import TwilioRefused, client_of, refusals

WRONG_TOKEN = 20003


@dataclass(frozen=True)
class Standing:
    """An account as Twilio has it; a trial account reaches verified numbers alone."""

    name: str
    status: str
    is_trial: bool


def standing(account: TwilioAccount, *, by_next: bool = False) -> Standing:
    """Ask Twilio; raises `TwilioRefused`."""
    with refusals():
        client = client_of(account, by_next=by_next)
        found = client.api.accounts(account.account_sid).fetch()
    return Standing(found.friendly_name, str(found.status), found.type == "Trial")


@sensitive_variables()
def checked(account: TwilioAccount) -> tuple[Standing, bool]:
    """Ask Twilio; raises `TwilioRefused`. Where the next token has become the account's
    one, it takes the place of the old one here, too: then the second value is true."""
    try:
        return standing(account), False
    except TwilioRefused as refused:
        if refused.code != WRONG_TOKEN or not _has_next(account):
            raise
    found = standing(account, by_next=True)
    token = account.secrets.reveal()["next_auth_token"]
    done = frozenset({"next_auth_token"})
    account.secrets = account.secrets.changed_by({"auth_token": token}, without=done)
    account.save(update_fields=["secrets"])
    return found, True


def _has_next(account: TwilioAccount) -> bool:
    return "next_auth_token" in account.secrets.names
