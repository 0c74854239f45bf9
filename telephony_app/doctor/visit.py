"""A visit to a number: every check; a round of visits makes the shared ones once."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from telephony_app.doctor.answering import (
    check_agent,
    check_person,
    check_switch,
    check_workers,
)
from telephony_app.doctor.asking import check_account, check_number, check_webhook
from telephony_app.doctor.ringing import check_bridge, check_ringing
from telephony_app.findings import Finding, Severity, bad, worst
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.twilio import public_address
from telephony_app.twilio.numbers import TwilioNumber, numbers_of
from telephony_app.twilio.rest import TwilioRefused

NO_ACCOUNT = "Enter the Account SID and the Auth Token under Twilio accounts."


class Round:
    """What the numbers of one organization have in common, looked at once."""

    def __init__(self, account: TwilioAccount | None) -> None:
        self._account = account

    def of(self, number: PhoneNumber) -> Iterator[Finding]:
        """Everything about one number."""
        yield from check_switch(number)
        yield from check_agent(number)
        yield from check_person(number)
        yield from self.standing
        if self._account and self._is_open:
            yield from self._asking(self._account, number)
        yield from self.way

    def _asking(self, account: TwilioAccount, number: PhoneNumber) -> Iterator[Finding]:
        if hidden := public_address.hidden():
            yield hidden
            return
        try:
            yield check_number(account, number, self.there.get(number.number))
        except TwilioRefused as refused:
            yield bad("The number could not be looked up at Twilio.", str(refused))
        yield from self.webhook

    @cached_property
    def standing(self) -> list[Finding]:
        """How the account stands at Twilio."""
        if self._account is None:
            return [bad("There is no Twilio account.", NO_ACCOUNT)]
        return list(check_account(self._account))

    @property
    def _is_open(self) -> bool:
        return worst(self.standing) is not Severity.BAD

    @cached_property
    def there(self) -> dict[str, TwilioNumber]:
        """The account's numbers at Twilio; raises `TwilioRefused`."""
        found = numbers_of(self._account) if self._account else []
        return {each.number: each for each in found}

    @cached_property
    def webhook(self) -> list[Finding]:
        """Whether we hear Twilio."""
        return list(check_webhook(self._account)) if self._account else []

    @cached_property
    def way(self) -> list[Finding]:
        """Whether a call gets from the SIP bridge into a room, and meets a worker."""
        found = list(check_bridge())
        if worst(found) is not Severity.BAD:
            found += check_ringing()
        return [*found, *check_workers()]


def visit(number: PhoneNumber) -> list[Finding]:
    """Look at everything, and write down what was found."""
    return _visit(number, Round(TwilioAccount.objects.of(number.organization_id)))


def visit_all(numbers: Iterable[PhoneNumber]) -> None:
    """Look at numbers of one organization, at what they share once."""
    shared: Round | None = None
    for number in numbers:
        shared = shared or Round(TwilioAccount.objects.of(number.organization_id))
        _visit(number, shared)


def _visit(number: PhoneNumber, shared: Round) -> list[Finding]:
    found = list(shared.of(number))
    number.note(found)
    return found
