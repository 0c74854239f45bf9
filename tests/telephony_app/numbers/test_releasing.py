"""*Release*: a number goes back to Twilio, for good."""

from django.test import Client

from agents_app.models import Agent
from telephony_app.models import Call, PhoneNumber, TwilioAccount
from tests.standins.twilio.rest import NUMBER, Twilio, twilio_error
from tests.telephony_app.conftest import call_of
from tests.telephony_app.pages import page, url_of


def test_page_asks_and_releases_nothing(
    as_alice: Client, twilio: Twilio, number: PhoneNumber
) -> None:
    assert "back to Twilio, for good?" in page(as_alice, url_of(number, "release"))
    assert twilio.has(NUMBER)


def test_released_number_is_gone_and_its_calls_stay(
    as_alice: Client, twilio: Twilio, number: PhoneNumber, agent: Agent
) -> None:
    call = call_of(agent, phone_number=number)
    answer = as_alice.post(url_of(number, "release"), follow=True)
    assert "Twilio bills it no more." in answer.text
    assert not twilio.has(NUMBER) and not PhoneNumber.objects.exists()
    assert Call.objects.get(pk=call.pk).phone_number is None


def test_number_that_twilio_keeps_stays_here(
    as_alice: Client, twilio: Twilio, number: PhoneNumber
) -> None:
    twilio.fail(twilio_error(429, 20429, "Too Many"), method="DELETE")
    answer = as_alice.post(url_of(number, "release"), follow=True)
    assert "Not released." in answer.text
    assert PhoneNumber.objects.exists()


def test_number_that_twilio_has_no_more_is_taken_from_here(
    as_alice: Client, twilio: Twilio, number: PhoneNumber
) -> None:
    twilio.own_numbers.clear()
    as_alice.post(url_of(number, "release"))
    assert not PhoneNumber.objects.exists()


def test_editor_releases_nothing(
    as_ed: Client, twilio: Twilio, number: PhoneNumber
) -> None:
    assert "Release" not in page(as_ed, url_of(number))
    assert as_ed.post(url_of(number, "release")).status_code == 403
    assert twilio.has(NUMBER)


def test_number_without_account_is_not_released(
    as_alice: Client, number: PhoneNumber
) -> None:
    TwilioAccount.objects.all().delete()
    assert as_alice.post(url_of(number, "release")).status_code == 403
