"""The line by which calls go out, at Twilio."""

import pytest
from pytest_django import Settings

from telephony_app.findings import Severity
from telephony_app.models import TwilioAccount
from telephony_app.twilio import trunks
from telephony_app.twilio.rest import TwilioRefused
from tests.standins.twilio.rest import Twilio, twilio_error


@pytest.fixture
def line(twilio: Twilio, account: TwilioAccount) -> TwilioAccount:
    """Acme's account, whose line was set up."""
    assert trunks.set_up(account).severity == Severity.CHANGED
    account.refresh_from_db()
    return account


def test_line_and_its_login_are_made_and_kept(
    twilio: Twilio, line: TwilioAccount
) -> None:
    [trunk] = twilio.trunks.values()
    [password] = twilio.passwords.values()
    assert line.trunk_sid == trunk["sid"]
    assert line.termination_host == trunk["domain_name"]
    assert line.termination_host.endswith(".pstn.twilio.com")
    assert line.secrets.reveal()["sip_password"] == password
    assert twilio.let_in[line.trunk_sid] == list(twilio.lists)


@pytest.mark.parametrize(("transport", "secure"), [("tls", True), ("udp", False)])
def test_line_is_encrypted_where_the_bridge_is(
    twilio: Twilio,
    account: TwilioAccount,
    settings: Settings,
    transport: str,
    secure: bool,
) -> None:
    settings.SIP_TRANSPORT = transport
    trunks.set_up(account)
    assert [trunk["secure"] for trunk in twilio.trunks.values()] == [secure]


def test_other_secrets_stay(line: TwilioAccount) -> None:
    assert set(line.secrets.names) == {"auth_token", "sip_password"}


def test_second_time_nothing_changes(twilio: Twilio, line: TwilioAccount) -> None:
    before = dict(twilio.passwords)
    assert trunks.set_up(line).severity == Severity.FINE
    assert (len(twilio.trunks), twilio.passwords) == (1, before)


def test_dry_run_makes_nothing(twilio: Twilio, account: TwilioAccount) -> None:
    found = trunks.set_up(account, dry_run=True)
    assert "would be made" in found.words
    assert not twilio.trunks


def test_forgotten_password_is_made_anew(twilio: Twilio, line: TwilioAccount) -> None:
    line.secrets = line.secrets.changed_by({}, without=frozenset({"sip_password"}))
    line.save()
    trunks.set_up(line)
    line.refresh_from_db()
    assert [line.secrets.reveal()["sip_password"]] == list(twilio.passwords.values())
    assert (len(twilio.trunks), len(twilio.lists)) == (1, 1)


def test_line_that_lost_its_login_gets_it_back(
    twilio: Twilio, line: TwilioAccount
) -> None:
    twilio.let_in.clear()
    assert trunks.set_up(line).severity == Severity.CHANGED
    assert twilio.let_in[line.trunk_sid]


def test_set_up_that_broke_off_is_finished_later(
    twilio: Twilio, account: TwilioAccount
) -> None:
    twilio.fail(twilio_error(503, 20503, "Busy"), path="Credentials.json")
    with pytest.raises(TwilioRefused):
        trunks.set_up(account)
    trunks.set_up(account)
    account.refresh_from_db()
    assert len(twilio.trunks) == 1
    assert account.termination_host


def test_line_of_another_provider_stays(twilio: Twilio, account: TwilioAccount) -> None:
    account.termination_host = "sip.provider.example"
    assert trunks.set_up(account).severity == Severity.FINE
    assert not twilio.trunks
