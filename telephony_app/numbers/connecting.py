"""Numbers and Twilio: have it ask us what to do with their calls."""

import logging
from collections.abc import Iterable, Iterator

from telephony_app.e164 import masked
from telephony_app.findings import Finding, bad, changed, fine
from telephony_app.models import CallingPolicy, PhoneNumber, TwilioAccount
from telephony_app.twilio import public_address, trunks, voice_urls
from telephony_app.twilio.numbers import TwilioNumber, number_of, numbers_of
from telephony_app.twilio.rest import TwilioRefused

logger = logging.getLogger(__name__)

TAKEN = "taken"
NO_VOICE = "Give it back, and take one that has the capability Voice."
NOT_THERE = (
    "Buy it, or add the number that you meant. If it was released, delete it here."
)
TAKE_OVER = (
    "If nobody needs that any more, press Take over on the number's page, or run "
    "manage.py telephony_setup --force."
)


def set_up_accounts(
    *, dry_run: bool = False, take_over: bool = False
) -> Iterator[Finding]:
    """Mend the numbers and the outgoing line of every account."""
    for account in TwilioAccount.objects.select_related("organization"):
        numbers = PhoneNumber.objects.active().filter(organization=account.organization)
        yield from connect(account, numbers, dry_run=dry_run, take_over=take_over)
        if CallingPolicy.objects.filter(
            organization=account.organization, may_call_out=True
        ):
            yield set_up_line(account, dry_run=dry_run)


def set_up_line(account: TwilioAccount, *, dry_run: bool = False) -> Finding:
    """Make or mend the line by which the account's calls go out."""
    try:
        return trunks.set_up(account, dry_run=dry_run)
    except TwilioRefused as refused:
        words = f"{account.organization} cannot call out: its line is not set up."
        return bad(words, str(refused))


def connect(
    account: TwilioAccount,
    numbers: Iterable[PhoneNumber],
    *,
    dry_run: bool = False,
    take_over: bool = False,
) -> Iterator[Finding]:
    """Point the account's numbers here; those that others answer if `take_over`."""
    if not numbers:
        return
    if hidden := public_address.hidden():
        yield hidden
        return
    try:
        found = {each.number: each for each in numbers_of(account)}
        for number in numbers:
            there = found.get(number.number)
            yield connect_one(
                account, number, there, dry_run=dry_run, take_over=take_over
            )
    except TwilioRefused as refused:
        yield bad(f"Twilio's account of {account.organization}.", str(refused))


def mend(number: PhoneNumber, *, take_over: bool = False) -> list[Finding]:
    """Point one number here, also one that somebody else answers if `take_over`."""
    account = TwilioAccount.objects.of(number.organization_id)
    return list(connect(account, [number], take_over=take_over)) if account else []


def let_go(account: TwilioAccount, number: str) -> None:
    """Have a number ask us no more; one that is gone, or asks others, stays so."""
    try:
        if found := number_of(account, number):
            voice_urls.point_nowhere(account, found)
    except TwilioRefused as refused:
        logger.warning("%s still asks us: %s", masked(number), refused)


def connect_one(
    account: TwilioAccount,
    number: PhoneNumber,
    found: TwilioNumber | None,
    *,
    dry_run: bool = False,
    take_over: bool = False,
) -> Finding:
    """Point one number here, which was found so at Twilio; raises `TwilioRefused`."""
    name = number.pretty
    if found is None:
        words = f"{name} is not among the numbers of the Twilio account."
        return bad(words, NOT_THERE)
    if not found.speaks:
        return bad(f"{name} takes no calls, text messages alone.", NO_VOICE)
    differing = voice_urls.differences(found)
    if not differing:
        return fine(f"Twilio asks us what to do with calls to {name}.")
    taker = voice_urls.taken_by(found)
    if taker and not take_over:
        words = f"Calls to {name} go to {taker}, so it was left alone."
        return bad(words, TAKE_OVER, code=TAKEN)
    if not dry_run:
        voice_urls.point_here(account, found.sid)
    would = "would be" if dry_run else "was"
    instead = f" instead of {taker}" if taker else ""
    return changed(f"Twilio {would} told to ask us about calls to {name}{instead}.")
