"""Whom an organization may call, from which number and when. Nobody, unless allowed.

A telephone call costs money by the minute, to some numbers many times as much, so each
rule denies what it does not know. How much may be called: `amounts`.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers
from django.core.exceptions import ValidationError
from django.db.models import Q
from phonenumbers import PhoneNumberType, timezone

from accounts.models import Organization
from agents_app.models import Agent
from telephony_app.e164 import parsed, spaced, validate_e164
from telephony_app.models import CallingPolicy, PhoneNumber, TwilioAccount
from telephony_app.opening_hours import is_open, validate_time_zone

# Numbers that cost what a call costs; premium and shared-cost ones do not, nor do
# personal numbers, pagers, and what no country's plan knows.
ORDINARY = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.VOIP,
}
# Codes that belong to no country: satellites, international networks.
NO_COUNTRY = "001"
ADMIN = "An admin of the organization can change that under Calling policies."


NO_TRUNK = "The Twilio account has no trunk for calls out yet. Set it up on its page."


class NotAllowed(Exception):
    """A call out is refused. `field` names what to change, the text says how.

    `retry_seconds` is set where the same request may do later.
    """

    def __init__(
        self, field: str, words: str, *, retry_seconds: int | None = None
    ) -> None:
        super().__init__(words)
        self.field = field
        self.retry_seconds = retry_seconds


def policy_of(organization: Organization) -> CallingPolicy:
    """What the organization may do; raises `NotAllowed` where it may not call out."""
    policy = CallingPolicy.objects.of(organization.pk)
    if not policy.may_call_out:
        raise NotAllowed("agent_id", f"{organization} may not call out. {ADMIN}")
    return policy


def check_number(number: str, policy: CallingPolicy) -> None:
    """Refuse a number that is none, costs extra, is abroad, or is answered here."""
    try:
        validate_e164(number)
    except ValidationError as error:
        raise NotAllowed("to", error.messages[0]) from error
    _check_kind(number, policy)
    if _is_answered_here(number, policy.organization_id):
        raise NotAllowed(
            "to", f"{spaced(number)} is answered here: agents do not call one another."
        )


def _is_answered_here(number: str, organization_id: int) -> bool:
    """A number that another organization only typed in may be anybody's."""
    here = PhoneNumber.objects.filter(number=number)
    is_ours = Q(organization=organization_id)
    is_theirs = Q(is_active=True, health=PhoneNumber.Health.WELL)
    return here.filter(is_ours | is_theirs).exists()


def _check_kind(number: str, policy: CallingPolicy) -> None:
    known = parsed(number)
    country = known and phonenumbers.region_code_for_number(known)
    if not known or not country or country == NO_COUNTRY:
        raise NotAllowed("to", f"{number} belongs to no country: check the digits.")
    if phonenumbers.number_type(known) not in ORDINARY:
        raise NotAllowed(
            "to",
            f"{spaced(number)} is no ordinary number: premium, shared-cost and "
            "personal numbers are never called. Use a landline or mobile number.",
        )
    if country not in policy.countries:
        raise NotAllowed(
            "to", f"{country} is not among the countries that may be called. {ADMIN}"
        )


def check_hours(number: str, policy: CallingPolicy, now: datetime) -> None:
    """Refuse to call at night, by the clock of the person called.

    A number that could be in several time zones is called when it is day in all.
    """
    for zone in time_zones(number) or (policy.time_zone,):
        if not is_open(policy.calling_hours, now, zone):
            clock = f"{now.astimezone(ZoneInfo(zone)):%a %H:%M}"
            raise NotAllowed(
                "to",
                f"It is {clock} in {zone}, and calls go out in these hours: "
                f"{', '.join(policy.calling_hours.splitlines())}. Call later. {ADMIN}",
            )


def time_zones(number: str) -> tuple[str, ...]:
    """Where the number may be; empty where it does not tell."""
    known = parsed(number)
    zones = timezone.time_zones_for_number(known) if known else ()
    return tuple(zone for zone in zones if _is_zone(zone))


def _is_zone(name: str) -> bool:
    try:
        validate_time_zone(name)
    except ValidationError:
        return False
    return not name.startswith("Etc/")


def caller_id(agent: Agent, asked: str = "") -> PhoneNumber:
    """The number that the person called sees: the one asked for, else the agent's own.

    It is an active one of the organization's, whose account can call out.
    """
    numbers = PhoneNumber.objects.active().filter(organization=agent.organization)
    found = (
        numbers.filter(number=asked) if asked else numbers.filter(agent=agent)
    ).first()
    if found is None:
        words = (
            f"{asked} is no active number of {agent.organization}."
            if asked
            else f"{agent} has no number of its own."
        )
        raise NotAllowed("from", f"{words} Name one that stands under Numbers.")
    if not can_call_out(agent.organization):
        raise NotAllowed("from", NO_TRUNK)
    return found


def can_call_out(organization: Organization) -> bool:
    """Whether the organization's account has a line for calls out."""
    return TwilioAccount.objects.with_trunk().of(organization.pk) is not None
