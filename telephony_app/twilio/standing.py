"""Whether an account's SID and token open it, and what Twilio says of it."""

from dataclasses import dataclass

from django.db import transaction
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
    _take_over(account)
    return found, True


@sensitive_variables()
def _take_over(account: TwilioAccount) -> None:
    """Beside the secrets that somebody may have entered meanwhile."""
    token = account.secrets.reveal()["next_auth_token"]
    with transaction.atomic():
        row = TwilioAccount.objects.select_for_update().get(pk=account.pk)
        is_next = row.secrets.reveal().get("next_auth_token") == token
        done = frozenset({"next_auth_token"} if is_next else ())
        row.secrets = row.secrets.changed_by({"auth_token": token}, without=done)
        row.save(update_fields=["secrets"])
    account.refresh_from_db(fields=["secrets"])


def _has_next(account: TwilioAccount) -> bool:
    return "next_auth_token" in account.secrets.names
