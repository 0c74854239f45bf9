"""What Celery does for numbers and the way to them."""

import pytest
from pytest_django import Settings

from accounts.models import Organization
from telephony_app import tasks
from telephony_app.livekit import bridge, sip_objects
from telephony_app.models import PhoneNumber, SipBridge, TwilioAccount
from tests.standins.twilio.rest import NUMBER, Twilio
from tests.telephony_app.livekit_sip import remove

Health = PhoneNumber.Health
OTHERS = "https://old.example/voice"


@pytest.fixture
def nowhere(settings: Settings) -> str:
    """Our address, where nobody listens; Twilio may be told of it all the same."""
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:9"
    return str(settings.PUBLIC_BASE_URL)


def test_doctor_visits_a_number(
    no_livekit: None, twilio: Twilio, number: PhoneNumber
) -> None:
    tasks.check_number(number.pk)
    number.refresh_from_db()
    assert number.health == Health.ILL


def test_number_is_mended_and_looked_at(
    no_livekit: None, twilio: Twilio, number: PhoneNumber, nowhere: str
) -> None:
    tasks.mend_number(number.pk)
    number.refresh_from_db()
    assert twilio.number(NUMBER)["voice_url"].startswith(nowhere)
    assert "Twilio asks us" in str(number.findings)


def test_mending_takes_over_only_what_it_is_told_to(
    no_livekit: None, twilio: Twilio, number: PhoneNumber, nowhere: str
) -> None:
    twilio.number(NUMBER).update(voice_url=OTHERS)
    tasks.mend_number(number.pk)
    assert twilio.number(NUMBER)["voice_url"] == OTHERS
    tasks.mend_number(number.pk, take_over=True)
    assert twilio.number(NUMBER)["voice_url"].startswith(nowhere)


def test_deleted_number_asks_us_no_more(
    twilio: Twilio, number: PhoneNumber, account: TwilioAccount, nowhere: str
) -> None:
    tasks.mend_number(number.pk)
    tasks.forget_number(account.pk, NUMBER)
    assert twilio.number(NUMBER)["voice_url"] == ""


def test_number_that_twilio_does_not_let_us_forget_is_no_crash(
    twilio: Twilio, account: TwilioAccount
) -> None:
    TwilioAccount.objects.update(secrets={"auth_token": "wrong"})
    tasks.forget_number(account.pk, NUMBER)


def test_every_night_all_numbers_in_use_are_visited(
    no_livekit: None,
    twilio: Twilio,
    number: PhoneNumber,
    rival: Organization,
    at_once: None,
) -> None:
    off = PhoneNumber.objects.create(
        organization=number.organization, number="+15550002222", is_active=False
    )
    theirs = PhoneNumber.objects.create(organization=rival, number="+15550003333")
    tasks.check_numbers()
    for each in (number, off, theirs):
        each.refresh_from_db()
    assert number.checked_at and theirs.checked_at
    assert off.checked_at is None


def test_what_livekit_lost_is_put_back(bare_livekit: None) -> None:
    bridge.set_up()
    for trunk in sip_objects.trunks():
        remove(trunk)
    tasks.mend_bridge()
    [trunk] = sip_objects.trunks()
    assert trunk.sip_trunk_id == SipBridge.current().trunk_id


def test_bridge_that_nobody_set_up_is_not_made(bare_livekit: None) -> None:
    tasks.mend_bridge()
    assert not sip_objects.trunks()


def test_setting_up_for_staff_leaves_its_findings(bare_livekit: None) -> None:
    tasks.set_up_bridge()
    assert [found.severity for found in SipBridge.current().found] == ["changed"] * 2


def test_account_and_line_leave_their_findings(
    twilio: Twilio, account: TwilioAccount
) -> None:
    tasks.check_account(account.pk)
    account.refresh_from_db()
    assert "Salon" in account.found[0].words
    tasks.set_up_line(account.pk)
    account.refresh_from_db()
    assert "outgoing line" in account.found[0].words
    assert account.termination_host


def test_rows_that_are_gone_are_no_mistake(db: None) -> None:
    for task in (tasks.check_number, tasks.mend_number, tasks.check_account):
        task(7)
    tasks.forget_number(7, NUMBER)
    tasks.set_up_line(7)
    tasks.check_numbers()
