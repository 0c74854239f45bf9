"""Whether an account's SID and token open it."""

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from telephony_app.models import TwilioAccount
from telephony_app.twilio.rest import TwilioRefused
from telephony_app.twilio.standing import checked
from tests.standins.twilio.rest import AUTH_TOKEN, Twilio


def test_account_tells_its_name_and_status(
    twilio: Twilio, account: TwilioAccount
) -> None:
    found, changed = checked(account)
    assert (found.name, found.status, found.is_trial) == ("Salon", "active", False)
    assert not changed


def test_wrong_token_is_said_with_the_mend(
    twilio: Twilio, account: TwilioAccount
) -> None:
    account.secrets = {"auth_token": "wrong"}
    with pytest.raises(TwilioRefused, match="first page of the Twilio console"):
        checked(account)


def test_next_token_takes_over_once_the_old_one_is_gone(
    twilio: Twilio, account: TwilioAccount
) -> None:
    account.secrets = {"auth_token": "old", "next_auth_token": AUTH_TOKEN}
    account.save()
    _, changed = checked(account)
    account.refresh_from_db()
    assert changed
    assert account.secrets.reveal() == {"auth_token": AUTH_TOKEN}


def test_next_token_waits_while_the_old_one_works(
    twilio: Twilio, account: TwilioAccount
) -> None:
    account.secrets = {"auth_token": AUTH_TOKEN, "next_auth_token": "not-yet"}
    assert checked(account)[1] is False
    assert "next_auth_token" in account.secrets.names


def test_token_whose_key_is_lost_is_said(
    twilio: Twilio, account: TwilioAccount, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(TwilioRefused, match="cannot be opened"):
        checked(account)


def test_secrets_entered_or_made_meanwhile_stay(
    twilio: Twilio, account: TwilioAccount
) -> None:
    account.secrets = {"auth_token": "old", "next_auth_token": AUTH_TOKEN}
    account.save()
    meanwhile = TwilioAccount.objects.get()
    meanwhile.secrets = meanwhile.secrets.changed_by(
        {"sip_password": "made-meanwhile", "next_auth_token": "entered-meanwhile"}
    )
    meanwhile.save()
    checked(account)
    assert TwilioAccount.objects.get().secrets.reveal() == {
        "auth_token": AUTH_TOKEN,
        "next_auth_token": "entered-meanwhile",
        "sip_password": "made-meanwhile",
    }
