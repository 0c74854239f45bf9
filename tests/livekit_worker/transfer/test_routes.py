"""Which way a caller is put through."""

from typing import Any

import pytest
from livekit.protocol.sip import SIPTransport

from agents_app.models import Agent
from livekit_worker.phone.trunk import NoTrunk
from livekit_worker.transfer.person import invite
from livekit_worker.transfer.routes import Way, route_of
from livekit_worker.transfer.wish import Wish
from telephony_app.models import Call, CallingPolicy, PhoneNumber, TwilioAccount
from telephony_app.outbound.rules import NotAllowed
from tests.telephony_app.outgoing import OURS, THEIRS, let_call_out

Direction = Call.Direction
SALES = Wish(THEIRS, "Sales")
WARM = Wish(THEIRS, "Sales", briefing="Ann calls. Press 1.")
OFFICE = "sip:office@pbx.example.com:5080;transport=tcp"


@pytest.fixture(autouse=True)
def _policy(agent: Agent) -> None:
    let_call_out(agent)


def came(call: Call, direction: str, **fields: str) -> Call:
    """The same call, come by this way."""
    values = {"direction": direction, "caller": "+12025550111", "callee": OURS}
    for name, value in (values | fields).items():
        setattr(call, name, value)
    return call


def test_twilio_takes_its_callers_line_back(call: Call) -> None:
    assert route_of(came(call, Direction.INBOUND, call_sid="CA1"), SALES).way == (
        Way.REDIRECT
    )


def test_account_may_want_refer(call: Call) -> None:
    TwilioAccount.objects.update(transfers_by_refer=True)
    route = route_of(came(call, Direction.INBOUND, call_sid="CA1"), SALES)
    assert route.way == Way.REFER


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.OUTBOUND])
def test_call_that_twilio_does_not_know_goes_by_refer(
    call: Call, direction: str
) -> None:
    assert route_of(came(call, direction), SALES).way == Way.REFER


@pytest.mark.parametrize(
    ("direction", "wish"),
    [(Direction.INBOUND, WARM), (Direction.OUTBOUND, WARM), (Direction.WEB, SALES)],
)
def test_who_is_told_first_and_who_takes_a_browsers_call_is_called_in(
    call: Call, direction: str, wish: Wish
) -> None:
    route = route_of(came(call, direction, call_sid="CA1"), wish)
    assert (route.way, route.trunk.hostname) == (Way.CALL_IN, "acme.pstn.twilio.com")


@pytest.mark.parametrize(
    ("direction", "numbers"),
    [
        (Direction.INBOUND, {}),
        (Direction.OUTBOUND, {"caller": OURS, "callee": THEIRS}),
        (Direction.WEB, {"caller": "", "callee": ""}),
    ],
)
def test_person_sees_our_number(
    call: Call, direction: str, numbers: dict[str, str]
) -> None:
    assert route_of(came(call, direction, **numbers), WARM).number == OURS


def test_nobody_is_called_in_without_a_line(call: Call) -> None:
    TwilioAccount.objects.update(termination_host="")
    with pytest.raises(NoTrunk):
        route_of(came(call, Direction.INBOUND), WARM)


def test_nobody_is_called_from_a_browser_without_a_number(call: Call) -> None:
    PhoneNumber.objects.all().delete()
    with pytest.raises(NotAllowed, match="no number of its own"):
        route_of(came(call, Direction.WEB), SALES)


def test_nobody_is_called_abroad_unless_it_is_allowed(call: Call) -> None:
    CallingPolicy.objects.update(countries=["DE"])
    with pytest.raises(NotAllowed, match="US is not among the countries"):
        route_of(came(call, Direction.INBOUND, call_sid="CA1"), SALES)


def test_people_who_are_called_in_are_counted_and_others_are_not(call: Call) -> None:
    CallingPolicy.objects.update(calls_per_minute=1)
    called = came(call, Direction.INBOUND, call_sid="CA1")
    for wish in (SALES, Wish(OFFICE, briefing="Ann."), WARM):
        route_of(called, wish)
    event = called.events.get(kind="dialed")
    assert (event.source, event.detail) == ("worker", "To +1 202-555-0123")
    with pytest.raises(NotAllowed, match="1 calls a minute are allowed"):
        route_of(called, WARM)
    route_of(called, SALES)


@pytest.mark.parametrize(
    ("address", "host", "transport"),
    [
        (OFFICE, "pbx.example.com:5080", SIPTransport.SIP_TRANSPORT_TCP),
        ("sips:a@pbx.example.com", "pbx.example.com", SIPTransport.SIP_TRANSPORT_TLS),
        ("sip:a@pbx.example.com", "pbx.example.com", SIPTransport.SIP_TRANSPORT_AUTO),
    ],
)
def test_sip_address_is_called_where_it_is(
    call: Call, address: str, host: str, transport: int
) -> None:
    TwilioAccount.objects.all().delete()
    route = route_of(came(call, Direction.INBOUND), Wish(address, briefing="Ann."))
    assert (route.trunk.hostname, route.trunk.transport) == (host, transport)
    assert not route.trunk.auth_password


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1:6379", "localhost", "[::1]:5060", "10.0.0.5", "169.254.169.254"],
)
def test_host_of_our_own_network_is_not_called(call: Call, place: str) -> None:
    wish = Wish(f"sip:probe@{place};transport=tcp", briefing="Ann.")
    with pytest.raises(NotAllowed, match="private network.*TOOLS_MAY_REACH="):
        route_of(came(call, Direction.INBOUND), wish)


def test_host_of_our_own_network_may_be_allowed(call: Call, settings: Any) -> None:
    settings.TOOLS_MAY_REACH = [("10.0.0.0/8", None)]
    wish = Wish("sip:office@10.0.0.5", briefing="Ann.")
    assert route_of(came(call, Direction.INBOUND), wish).trunk.hostname == "10.0.0.5"


def test_place_that_is_none_is_told(call: Call) -> None:
    wish = Wish("sip:office@pbx.example.com:many", briefing="Ann.")
    with pytest.raises(NotAllowed, match="no host and port"):
        route_of(came(call, Direction.INBOUND), wish)


def test_invitation_rings_the_person_and_names_nobody_elses_call(call: Call) -> None:
    call = came(call, Direction.INBOUND)
    asked = invite(call, WARM, route_of(call, WARM), "person-1")
    assert (asked.sip_call_to, asked.sip_number) == (THEIRS, OURS)
    assert (asked.participant_identity, asked.room_name) == ("person-1", call.room)
    assert not asked.participant_attributes
    assert not asked.play_dialtone


def test_caller_hears_it_ring_where_nothing_is_said_first(call: Call) -> None:
    call = came(call, Direction.WEB)
    assert invite(call, SALES, route_of(call, SALES), "person-1").play_dialtone


def test_sip_address_is_invited_by_its_user(call: Call) -> None:
    call, wish = came(call, Direction.INBOUND), Wish(OFFICE, briefing="Ann.")
    assert invite(call, wish, route_of(call, wish), "person-1").sip_call_to == "office"
