"""Checks of Twilio asking us: its account, the number there, our webhook's answer."""

from collections.abc import Iterator

import requests
from django.conf import settings

from telephony_app.findings import Finding, Severity, bad, fine, warning
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.numbers.connecting import connect_one
from telephony_app.twilio.numbers import TwilioNumber
from telephony_app.twilio.rest import TwilioRefused
from telephony_app.twilio.standing import checked
from telephony_app.twilio.trial import status_of_trial

ADDRESS = (
    "See that the site is up, that the proxy in front passes /api/v1/voice/twilio/ on, "
    "and that this server reaches its own public name."
)
SIGNATURE = (
    "PUBLIC_BASE_URL must be exactly the address that Twilio asks, and the Auth Token "
    "that of the account."
)


def check_account(account: TwilioAccount) -> Iterator[Finding]:
    """The token opens the account, which may be used."""
    try:
        found, changed = checked(account)
    except TwilioRefused as refused:
        yield bad("The Twilio account cannot be opened.", str(refused))
        return
    if found.status != "active":
        mend = "Sign in to the Twilio console: it says what is missing."
        yield bad(f"The Twilio account is {found.status}.", mend)
    elif found.is_trial:
        words = "The Twilio account is a trial: it calls only numbers verified there."
        yield warning(words, "Upgrade it in the Twilio console.")
    else:
        yield fine(f"The Twilio account is in order: {found.name}.")
    if changed:
        yield fine("The new Auth Token has taken the place of the old one.")


def check_number(
    account: TwilioAccount, number: PhoneNumber, there: TwilioNumber | None
) -> Finding:
    """The account has the number, found so at Twilio, and it asks us. Other than for
    connecting it is bad when something would have to be changed."""
    found = connect_one(account, number, there, dry_run=True)
    if found.severity != Severity.CHANGED:
        return found
    words = f"Twilio does not ask us about calls to {number.pretty}."
    return bad(words, "Press Repair.")


def check_webhook(account: TwilioAccount) -> Iterator[Finding]:
    """Our public address takes what Twilio signed, and nothing else."""
    try:
        signed, forged = status_of_trial(account), status_of_trial(account, forge=True)
    except requests.RequestException as error:
        words = f"{settings.PUBLIC_BASE_URL} does not answer ({type(error).__name__})."
        yield bad(words, ADDRESS)
        return
    if signed == 403:
        yield bad("Our webhook does not accept Twilio's signature.", SIGNATURE)
    elif signed >= 300:
        words = f"{settings.PUBLIC_BASE_URL} answers Twilio with status {signed}."
        yield bad(words, ADDRESS)
    elif forged != 403:
        mend = "Something in front of the site answers in its place: take it away."
        yield bad("Our webhook also accepts what nobody signed.", mend)
    else:
        yield fine("Our webhook takes what Twilio signs, and nothing else.")
