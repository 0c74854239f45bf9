"""A visit to a number: every check; a round of visits makes the shared ones once."""

from collections.abc import Iterator
from functools import cached_property

from telephony_app.doctor.answering import check_agent, check_switch, check_workers
from telephony_app.doctor.asking import check_account, check_number, check_webhook
from telephony_app.doctor.ringing import check_bridge, check_ringing
from telephony_app.findings import Finding, Severity, bad, worst
from telephony_app.models import PhoneNumber, TwilioAccount

NO_ACCOUNT = "Enter the Account SID and the Auth Token under Twilio accounts."


class Round:
    """What the numbers of one organization have in common, looked at once."""

    def __init__(self, account: TwilioAccount | None) -> None:
        self._account = account

    @cached_property
    def twilio(self) -> list[Finding]:
        """How the account stands, and whether our webhook hears Twilio."""
        if self._account is None:
            return [bad("There is no Twilio account.", NO_ACCOUNT)]
        found = list(check_account(self._account))
        if worst(found) is not Severity.BAD:
            found += check_webhook(self._account)
        return found

    @cached_property
    def way(self) -> list[Finding]:
        """Whether a call gets from the SIP bridge into a room, and meets a worker."""
        found = list(check_bridge())
        if worst(found) is not Severity.BAD:
            found += check_ringing()
        return [*found, *check_workers()]

    def of(self, number: PhoneNumber) -> Iterator[Finding]:
        """Everything about one number."""
        yield from check_switch(number)
        yield from check_agent(number)
        yield from self.twilio
        if self._account and worst(self.twilio) is not Severity.BAD:
            yield from check_number(self._account, number)
        yield from self.way


def visit(number: PhoneNumber, shared: Round | None = None) -> list[Finding]:
    """Look at everything, and write down what was found."""
    found = list((shared or Round(account_of(number))).of(number))
    number.note(found)
    return found


def account_of(number: PhoneNumber) -> TwilioAccount | None:
    """The account that the number should be in."""
    accounts = TwilioAccount.objects.select_related("organization")
    return accounts.filter(organization=number.organization_id).first()
