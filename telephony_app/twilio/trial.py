"""Asking our own webhook as Twilio does, about a call that never was."""

import secrets

from django.views.decorators.debug import sensitive_variables

from telephony_app.models import TwilioAccount
from telephony_app.twilio.trial_webhooks import post_signed
from telephony_app.twilio.twiml import webhook_url

TIMEOUT_SECONDS = 8


@sensitive_variables()
def status_of_trial(account: TwilioAccount, *, forge: bool = False) -> int:
    """The HTTP status with which a status report is answered at our public address;
    signed with another token than the account's when `forge`.

    Raises `requests.RequestException` where nobody answers.
    """
    url = webhook_url("twilio-status")
    form = {
        "AccountSid": account.account_sid,
        "CallSid": f"CA{secrets.token_hex(16)}",
        "CallStatus": "completed",
    }
    token = account.secrets.reveal().get("auth_token", "")
    key = secrets.token_hex(16) if forge else token
    return post_signed(url, form, token=key, seconds=TIMEOUT_SECONDS).status_code
