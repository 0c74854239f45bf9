"""Dialling: what is asked of the SIP bridge, and what its answers mean."""

import pytest
from livekit import api

from agents_app.models import Agent
from livekit_worker.phone.dialing import end_of_dial, invitation, status_of
from livekit_worker.phone.trunk import NoTrunk, outbound_trunk
from telephony_app.models import Call, Cause, TwilioAccount
from tests.telephony_app.outgoing import OURS, THEIRS, let_call_out, out_call

TIMER_B = 32  # seconds: RFC 3261, 17.1.1.2


def answer(status: int) -> api.SipCallError:
    """What LiveKit raises when the network answers so."""
    told = {"sip_status_code": str(status), "sip_status": "Reason"}
    return api.SipCallError("unknown", "INVITE failed", status=500, metadata=told)


@pytest.fixture
def outgoing(agent: Agent) -> Call:
    """A call that Ava is about to dial."""
    let_call_out(agent)
    account = TwilioAccount.objects.get()
    account.sip_username = "voice"
    account.secrets = {"auth_token": "token", "sip_password": "Very-secret-1"}
    account.save()
    return out_call(agent, callee=THEIRS, caller=OURS, dial_claimed_at=None)


def test_trunk_is_the_organizations_with_its_login(outgoing: Call) -> None:
    trunk = outbound_trunk(outgoing.organization_id)
    assert trunk.hostname == "acme.pstn.twilio.com"
    assert (trunk.auth_username, trunk.auth_password) == ("voice", "Very-secret-1")


def test_organization_without_a_trunk_is_told_so(outgoing: Call) -> None:
    TwilioAccount.objects.update(termination_host="")
    with pytest.raises(NoTrunk, match="no trunk"):
        outbound_trunk(outgoing.organization_id)


def test_invitation_names_both_numbers_and_the_call(outgoing: Call) -> None:
    trunk = outbound_trunk(outgoing.organization_id)
    invite = invitation(outgoing, trunk, seconds=600)
    assert (invite.sip_call_to, invite.sip_number) == (THEIRS, OURS)
    assert invite.room_name == outgoing.room
    assert invite.participant_attributes["call.id"] == str(outgoing.pk)
    assert invite.wait_until_answered
    assert invite.max_call_duration.seconds > 600


def test_ringing_is_given_up_before_the_bridge_forgets_it(outgoing: Call) -> None:
    trunk = outbound_trunk(outgoing.organization_id)
    assert invitation(outgoing, trunk, seconds=600).ringing_timeout.seconds < TIMER_B


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (486, Cause.BUSY),
        (600, Cause.BUSY),
        (480, Cause.NO_ANSWER),
        (408, Cause.NO_ANSWER),
        (487, Cause.NO_ANSWER),
        (603, Cause.DECLINED),
        (404, Cause.INVALID_NUMBER),
        (484, Cause.INVALID_NUMBER),
        (403, Cause.PROVIDER_REFUSED),
        (407, Cause.PROVIDER_REFUSED),
        (503, Cause.PROVIDER_REFUSED),
        (488, Cause.PROVIDER_REFUSED),
    ],
)
def test_networks_answer_is_the_cause(status: int, cause: Cause) -> None:
    error = answer(status)
    end = end_of_dial(error, rang=True)
    assert (end.cause, status_of(error)) == (cause, status)
    assert end.detail == f"The network answered {status} Reason."
    assert end.last_line is None


def test_telephone_that_rang_in_vain_was_not_picked_up() -> None:
    error = api.ServerError("deadline_exceeded", "timeout", status=408)
    assert end_of_dial(error, rang=True).cause == Cause.NO_ANSWER
    assert status_of(error) is None


def test_provider_that_nobody_reaches_is_named() -> None:
    error = api.ServerError("deadline_exceeded", "timeout", status=408)
    end = end_of_dial(error, rang=False)
    assert end.cause == Cause.PROVIDER_REFUSED
    assert "did not answer" in end.detail


def test_livekit_that_is_away_is_not_the_providers_fault() -> None:
    end = end_of_dial(OSError("LiveKit did not answer"), rang=False)
    assert end.cause == Cause.LIVEKIT_UNREACHABLE
