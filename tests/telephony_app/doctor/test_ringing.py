"""Checks of the way from Twilio to LiveKit, on the real SIP bridge."""

from collections.abc import Iterable

import pytest
from pytest_django import Settings

from telephony_app.doctor.ringing import check_bridge, check_ringing
from telephony_app.findings import Finding, Severity
from telephony_app.livekit import bridge, rooms, sip_objects
from telephony_app.models import Call, SipBridge
from tests.servers.ports import free_port
from tests.servers.server import Server
from tests.telephony_app.livekit_sip import someones_rule


def only(found: Iterable[Finding]) -> Finding:
    [finding] = found
    return finding


def test_bridge_that_is_set_up_is_fine(bare_livekit: None) -> None:
    bridge.set_up()
    assert [found.severity for found in check_bridge()] == ["fine", "fine"]


def test_drift_is_bad_and_stays_until_somebody_mends(bare_livekit: None) -> None:
    trunk, rule = check_bridge()
    assert trunk.words == "The trunk has to be made."
    assert (trunk.severity, rule.severity) == (Severity.BAD, Severity.BAD)
    assert not sip_objects.trunks()


def test_doors_that_others_left_open_are_not_told_to_organizations(
    bare_livekit: None,
) -> None:
    someones_rule()
    bridge.set_up()
    assert "Lobby" not in str(list(check_bridge()))


def test_silent_call_rings_and_leaves_nothing(
    bare_livekit: None, sip_bridge: Server
) -> None:
    bridge.set_up()
    assert only(check_ringing()).severity == Severity.FINE
    assert not Call.objects.exists()
    assert not [name for name in rooms.open_rooms() if "doctor" in name]


def test_wrong_password_is_told_from_silence(
    bare_livekit: None, sip_bridge: Server
) -> None:
    bridge.set_up()
    stored = SipBridge.current()
    stored.secrets = {"password": "another"}
    stored.save()
    assert "does not take our password" in only(check_ringing()).words


def test_bridge_without_trunk_is_noticed(
    bare_livekit: None, sip_bridge: Server
) -> None:
    found = only(check_ringing())
    assert found.severity == Severity.BAD and "telephony_setup" in found.mend


def test_bridge_that_is_not_there_is_named(
    bare_livekit: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telephony_app.doctor.ringing.RING_SECONDS", 0.3)
    settings.SIP_HOST = f"127.0.0.1:{free_port()}"
    found = only(check_ringing())
    assert settings.SIP_HOST in found.words and "livekit-sip" in found.mend


def test_livekit_that_is_not_there_is_told_without_its_address(
    no_livekit: None, db: None, settings: Settings
) -> None:
    for found in (only(check_ringing()), only(check_bridge())):
        assert found.severity == Severity.BAD
        assert settings.LIVEKIT_URL not in found.words + found.mend
