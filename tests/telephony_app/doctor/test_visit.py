"""A visit to a number: what was found is written down."""

import pytest
from pytest_django import Settings

from telephony_app.doctor import visit, visit_all
from telephony_app.findings import Severity
from telephony_app.models import PhoneNumber, TwilioAccount
from tests.standins.twilio.rest import Twilio

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
    no_livekit: None, twilio: Twilio, number: PhoneNumber
) -> None:
    PhoneNumber.objects.create(organization=number.organization, number="+15550002222")
    visit_all(PhoneNumber.objects.all())
    assert not PhoneNumber.objects.filter(checked_at=None).exists()
    assert len([each for each in twilio.asked if "api" not in each.path]) == 2


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


def test_address_that_twilio_cannot_reach_is_said_once(
    no_livekit: None,
    twilio: Twilio,
    number: PhoneNumber,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:8000"
    monkeypatch.setattr("telephony_app.twilio.public_address.TWILIO", twilio.url)
    words = [found.words for found in visit(number)]
    assert len([each for each in words if "127.0.0.1:8000" in each]) == 1
