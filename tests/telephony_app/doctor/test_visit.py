"""A visit to a number: what was found is written down."""

from telephony_app.doctor import Round, visit
from telephony_app.findings import Severity
from telephony_app.models import PhoneNumber, TwilioAccount
from tests.standins.twilio import Twilio

Health = PhoneNumber.Health


def test_visit_writes_down_the_worst_and_when(
    no_livekit: None, twilio: Twilio, number: PhoneNumber
) -> None:
    visit(number)
    number.refresh_from_db()
    assert number.health == Health.ILL
    assert number.found[0].severity == Severity.BAD
    assert number.checked_at


def test_number_of_an_organization_without_account_says_so(
    no_livekit: None, number: PhoneNumber
) -> None:
    TwilioAccount.objects.all().delete()
    assert "There is no Twilio account." in [found.words for found in visit(number)]


def test_round_asks_for_the_account_once(
    no_livekit: None, twilio: Twilio, number: PhoneNumber, account: TwilioAccount
) -> None:
    second = PhoneNumber.objects.create(
        organization=number.organization, number="+15550002222"
    )
    shared = Round(account)
    visit(number, shared)
    visit(second, shared)
    asked = [each for each in twilio.asked if "IncomingPhone" not in each.path]
    assert len(asked) == 1


def test_row_that_was_deleted_meanwhile_stays_deleted(
    no_livekit: None, twilio: Twilio, number: PhoneNumber
) -> None:
    PhoneNumber.objects.all().delete()
    visit(number)
    assert not PhoneNumber.objects.exists()


def test_no_finding_holds_a_secret(
    no_livekit: None, twilio: Twilio, number: PhoneNumber, account: TwilioAccount
) -> None:
    token = account.secrets.reveal()["auth_token"]
    assert token not in str([visit(number), number.findings])
