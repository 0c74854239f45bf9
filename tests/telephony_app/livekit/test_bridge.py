"""Our trunk and our rule in a real LiveKit, beside those of others."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from telephony_app.findings import Finding, Severity
from telephony_app.livekit import bridge, sip_objects
from telephony_app.livekit.sip_objects import Rule, Trunk
from telephony_app.models import SipBridge
from tests.telephony_app.livekit_sip import remove, someones_rule, someones_trunk

CHANGED, FINE, WARNING, BAD = (
    Severity.CHANGED,
    Severity.FINE,
    Severity.WARNING,
    Severity.BAD,
)


def severities(found: list[Finding]) -> list[Severity]:
    return [each.severity for each in found]


def only_trunk() -> Trunk:
    [trunk] = sip_objects.trunks()
    return trunk


def only_rule() -> Rule:
    [rule] = sip_objects.rules()
    return rule


def test_trunk_asks_for_the_stored_password(bare_livekit: None) -> None:
    assert severities(bridge.set_up()) == [CHANGED, CHANGED]
    trunk, stored = only_trunk(), SipBridge.current()
    assert trunk.sip_trunk_id == stored.trunk_id
    assert trunk.auth_username == stored.username
    assert trunk.auth_password == stored.secrets.reveal()["password"]


def test_trunk_rings_briefly_and_passes_the_call_on(bare_livekit: None) -> None:
    bridge.set_up()
    trunk = only_trunk()
    assert trunk.ringing_timeout.seconds == 20
    assert trunk.headers_to_attributes == {"X-Call-Id": "call.id"}
    assert not trunk.media.encryption


def test_sound_may_be_encrypted_where_the_signalling_is(
    bare_livekit: None, settings: Settings
) -> None:
    settings.SIP_TRANSPORT = "tls"
    bridge.set_up()
    assert only_trunk().media.encryption == 1
    assert severities(bridge.set_up()) == [FINE, FINE]


def test_rule_takes_the_calls_of_our_trunk_alone(bare_livekit: None) -> None:
    bridge.set_up()
    rule, stored = only_rule(), SipBridge.current()
    assert rule.sip_dispatch_rule_id == stored.rule_id
    assert list(rule.trunk_ids) == [stored.trunk_id]
    assert rule.rule.HasField("dispatch_rule_callee")
    assert not rule.rule.dispatch_rule_callee.room_prefix


def test_rule_brings_an_agent_into_a_room_that_was_not_made(
    bare_livekit: None, settings: Settings
) -> None:
    bridge.set_up()
    [fallback] = only_rule().room_config.agents
    assert fallback.agent_name == settings.AGENT_NAME
    assert fallback.metadata == '{"fallback": true}'


def test_second_time_nothing_changes(bare_livekit: None) -> None:
    bridge.set_up()
    before = only_trunk(), only_rule()
    assert severities(bridge.set_up()) == [FINE, FINE]
    assert (only_trunk(), only_rule()) == before


def test_dry_run_says_what_it_would_make_and_makes_nothing(bare_livekit: None) -> None:
    found = bridge.set_up(dry_run=True)
    assert [each.words for each in found] == [
        "The trunk would be made.",
        "The dispatch rule would be made.",
    ]
    assert not sip_objects.trunks()
    assert not SipBridge.objects.exists()


def test_what_somebody_changed_by_hand_is_put_back(bare_livekit: None) -> None:
    bridge.set_up()
    trunk, wanted = only_trunk(), only_trunk()
    trunk.ClearField("auth_password")
    trunk.ClearField("auth_username")
    trunk.numbers.append("+15550002222")
    sip_objects.replace(trunk.sip_trunk_id, trunk)
    assert "numbers, auth_username, auth_password differed" in bridge.set_up()[0].words
    assert not sip_objects.differences(only_trunk(), wanted)


def test_rule_that_lost_its_trunk_is_bound_again(bare_livekit: None) -> None:
    bridge.set_up()
    rule = only_rule()
    rule.ClearField("trunk_ids")
    sip_objects.replace(rule.sip_dispatch_rule_id, rule)
    assert severities(bridge.set_up()) == [FINE, CHANGED]
    assert list(only_rule().trunk_ids) == [SipBridge.current().trunk_id]


def test_what_is_gone_from_livekit_is_made_anew(
    bare_livekit: None,
) -> None:
    bridge.set_up()
    remove(only_trunk())
    assert severities(bridge.set_up()) == [CHANGED, CHANGED]
    assert list(only_rule().trunk_ids) == [only_trunk().sip_trunk_id]


def test_newer_database_takes_its_trunk_back(bare_livekit: None) -> None:
    bridge.set_up()
    before = only_trunk()
    SipBridge.objects.all().delete()
    assert severities(bridge.set_up()) == [CHANGED, FINE]
    assert only_trunk().sip_trunk_id == before.sip_trunk_id
    assert only_trunk().auth_password != before.auth_password


def test_new_password_is_stored_and_asked_for(bare_livekit: None) -> None:
    bridge.set_up()
    before = only_trunk().auth_password
    found = bridge.set_up(new_password=True)
    now = SipBridge.current().secrets.reveal()["password"]
    assert only_trunk().auth_password == now != before
    assert now not in str(found)


def test_password_that_livekit_was_not_told_is_not_stored(
    no_livekit: None, db: None
) -> None:
    before = SipBridge.current().secrets.reveal()
    [found] = bridge.set_up(new_password=True)
    assert found.severity == BAD
    assert SipBridge.current().secrets.reveal() == before


def test_trunks_and_rules_of_others_stay_as_they_are(bare_livekit: None) -> None:
    trunk = someones_trunk(auth_username="pbx", auth_password="theirs-alone")
    rule = someones_rule(trunk.sip_trunk_id)
    assert severities(bridge.set_up()) == [CHANGED, CHANGED]
    bridge.set_up(new_password=True)
    assert trunk in sip_objects.trunks()
    kept = {each.sip_dispatch_rule_id: each for each in sip_objects.rules()}
    assert list(kept[rule.sip_dispatch_rule_id].trunk_ids) == [trunk.sip_trunk_id]


def test_somebody_elses_trunk_for_every_number_stops_the_setup(
    bare_livekit: None,
) -> None:
    theirs = someones_trunk(numbers=[], auth_username="pbx", auth_password="theirs")
    [stopped] = bridge.set_up()
    assert stopped.severity == BAD
    assert f"'Old PBX' ({theirs.sip_trunk_id}) takes every number" in stopped.words
    assert theirs.sip_trunk_id in stopped.mend
    assert only_trunk() == theirs


def test_doors_that_others_left_open_are_told(bare_livekit: None) -> None:
    trunk = someones_trunk()
    someones_rule(trunk.sip_trunk_id)
    rule = someones_rule()
    found = bridge.set_up()
    assert severities(found) == [WARNING, WARNING, CHANGED, CHANGED]
    assert f"({trunk.sip_trunk_id}) asks for no password" in found[0].words
    assert f"({rule.sip_dispatch_rule_id}) names no trunk" in found[1].words


def test_livekit_without_redis_says_what_to_start(
    livekit_without_redis: None, db: None
) -> None:
    [found] = bridge.set_up()
    assert found.severity == BAD
    assert found.mend.startswith("LiveKit runs without Redis")


def test_livekit_that_does_not_answer_is_named(
    no_livekit: None, db: None, settings: Settings
) -> None:
    [found] = bridge.set_up()
    assert settings.LIVEKIT_URL in found.mend


def test_command_says_what_it_did(
    bare_livekit: None, capsys: pytest.CaptureFixture[str]
) -> None:
    someones_rule()
    call_command("telephony_setup")
    said = capsys.readouterr()
    assert f"The trunk was made. {SipBridge.current().trunk_id}" in said.out
    assert "WARNING: LiveKit's dispatch rule 'Lobby'" in said.err
    assert "lk sip dispatch delete SDR_" in said.err


def test_command_that_only_looks_says_what_it_would_do(
    bare_livekit: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("telephony_setup", "--dry-run")
    assert "The trunk would be made." in capsys.readouterr().out
    assert (sip_objects.trunks(), sip_objects.rules()) == ([], [])


def test_command_gives_the_trunk_a_new_password_when_asked(bare_livekit: None) -> None:
    call_command("telephony_setup")
    before = only_trunk()
    call_command("telephony_setup", "--rotate-password")
    after = only_trunk()
    assert after.sip_trunk_id == before.sip_trunk_id
    assert after.auth_password != before.auth_password
    stored = SipBridge.current().secrets.reveal()["password"]
    assert after.auth_password == stored


def test_command_fails_where_no_call_can_come(no_livekit: None, db: None) -> None:
    with pytest.raises(CommandError, match="Not every telephone call"):
        call_command("telephony_setup")


def test_look_that_finds_nothing_to_do_waits_for_no_lock(
    bare_livekit: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bridge.set_up()
    with django_assert_num_queries(1):
        assert severities(bridge.set_up()) == [FINE, FINE]


def test_ids_that_were_lost_are_stored_again(bare_livekit: None) -> None:
    bridge.set_up()
    before = SipBridge.current()
    SipBridge.objects.update(trunk_id="", rule_id="")
    assert severities(bridge.set_up()) == [FINE, FINE]
    assert SipBridge.current().trunk_id == before.trunk_id
    assert SipBridge.current().rule_id == before.rule_id
