"""A number that was called, read by hand as the ORM reads it."""

from typing import Any

from accounts.models import Organization
from telephony_app.models import PhoneNumber, SipBridge
from telephony_app.twilio import called_number
from tests.standins.twilio.rest import ACCOUNT_SID, AUTH_TOKEN, NUMBER


def number_of(dialled: str) -> PhoneNumber:
    """The number that was found."""
    called = called_number.find(dialled)
    assert called
    return called.number


def test_number_comes_with_account_agent_and_version(
    number: PhoneNumber, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        found = number_of(NUMBER)
        assert found.agent
        version, account = (
            found.agent.published_version,
            found.organization.twilio_account,
        )
        assert version
        assert found.agent.takes_calls
        assert version.config.name == "Ava"
        assert account.secrets.reveal() == {"auth_token": AUTH_TOKEN}
        assert (account.account_sid, account.organization) == (
            ACCOUNT_SID,
            found.organization,
        )
    assert (found, found.agent, version) == (
        number,
        number.agent,
        number.agent and number.agent.published_version,
    )


def test_each_column_is_what_the_orm_reads(number: PhoneNumber) -> None:
    PhoneNumber.objects.update(
        forward_to="+12025550177", max_calls=3, time_zone="Asia/Tokyo", is_active=False
    )
    number.refresh_from_db()
    found = number_of(NUMBER)
    for name in called_number.NUMBER:
        assert getattr(found, name) == getattr(number, name), name


def test_column_that_was_left_out_is_read_when_it_is_asked_for(
    number: PhoneNumber,
) -> None:
    found = number_of(NUMBER)
    assert found.label == number.label


def test_number_without_agent_account_or_version_is_one(rival: Organization) -> None:
    PhoneNumber.objects.create(organization=rival, number=NUMBER)
    found = number_of(NUMBER)
    assert (found.agent, found.organization) == (None, rival)
    assert not hasattr(found.organization, "twilio_account")


def test_agent_that_was_never_published_has_no_version(number: PhoneNumber) -> None:
    assert number.agent
    number.agent.published_version = None
    number.agent.save()
    found = number_of(NUMBER)
    assert found.agent
    assert (found.agent.published_version, found.agent.takes_calls) == (None, False)


def test_bridge_comes_with_its_login(number: PhoneNumber) -> None:
    stored = SipBridge.current()
    called = called_number.find(NUMBER)
    assert called
    assert called.bridge
    assert called.bridge.username == stored.username
    assert called.bridge.secrets.reveal() == stored.secrets.reveal()


def test_bridge_that_was_never_made_is_none(number: PhoneNumber) -> None:
    called = called_number.find(NUMBER)
    assert called
    assert called.bridge is None


def test_number_of_nobodys_is_none(db: None) -> None:
    assert called_number.find(NUMBER) is None
