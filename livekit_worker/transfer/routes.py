"""Which way a caller is put through, as the rows say."""

from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from socket import SOCK_DGRAM, getaddrinfo
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from livekit.protocol.sip import SIPOutboundConfig, SIPTransport

from agents_app.models import Agent
from livekit_worker.phone.trunk import TRANSPORTS, outbound_trunk
from livekit_worker.transfer.wish import Wish
from telephony_app.calls import transfers
from telephony_app.models import Call, TwilioAccount
from telephony_app.outbound.rules import NotAllowed, caller_id
from tools_app.network.reachable import may_reach

NOBODY = "anonymous"
SIP_PORT = 5060
PRIVATE = "{} is in a private network. Who runs the server may allow it:"


class Way(Enum):
    """How the caller and the person come together."""

    REDIRECT = auto()
    """Twilio takes the caller's line from us and rings the person."""
    REFER = auto()
    """The caller's telephone, or its network, is asked to ring the person."""
    CALL_IN = auto()
    """The person is called into the room, and the agent leaves it."""


@dataclass(frozen=True)
class Route:
    """The way; for who is called in, the line to call by and the number to be seen."""

    way: Way
    trunk: SIPOutboundConfig = field(default_factory=SIPOutboundConfig, repr=False)
    number: str = ""


def route_of(call: Call, wish: Wish) -> Route:
    """The way to the person; one who is to be called over our own line counts from now.

    Raises `NotAllowed` for whom the organization may not call, and `NoTrunk` where
    there is no line to call in anybody.
    """
    transfers.check_target(call.organization_id, wish.address)
    if wish.briefing or call.direction == Call.Direction.WEB:
        return _called_in(call, wish)
    return Route(Way.REFER if _wants_refer(call) else Way.REDIRECT)


def _called_in(call: Call, wish: Wish) -> Route:
    route = Route(Way.CALL_IN, _trunk(call, wish.address), _our_number(call, wish))
    if not transfers.is_sip(wish.address):
        transfers.call_in(call, wish.address, source="worker")
    return route


def _wants_refer(call: Call) -> bool:
    """A call that did not come through Twilio knows no other way."""
    account = TwilioAccount.objects.of(call.organization_id)
    return not call.call_sid or bool(account and account.transfers_by_refer)


def _trunk(call: Call, address: str) -> SIPOutboundConfig:
    """The line for calls out; a SIP address is a line of its own."""
    if not transfers.is_sip(address):
        return outbound_trunk(call.organization_id)
    scheme, _, rest = address.partition(":")
    place, _, options = rest.partition("@")[2].partition(";")
    transport = dict(parse_qsl(options, separator=";")).get("transport", "").lower()
    if scheme == "sips":
        transport = "tls"
    _check_place(place)
    known = TRANSPORTS.get(transport, SIPTransport.SIP_TRANSPORT_AUTO)
    return SIPOutboundConfig(hostname=place, transport=known)


def _check_place(place: str) -> None:
    """Refuse a host of our own networks: our bridge would connect to it, where Twilio
    cannot. One whose address is not known is left to the bridge, which reads DNS's
    records for SIP as well."""
    try:
        url = urlsplit(f"//{place}")
        host, port = url.hostname or "", url.port or SIP_PORT
    except ValueError:
        raise NotAllowed("to", f"{place} is no host and port.") from None
    with suppress(OSError):
        found = getaddrinfo(host, port, type=SOCK_DGRAM)
        if not all(may_reach(str(at[0]), host, port) for *_, at in found):
            allowed = f"TOOLS_MAY_REACH={host}:{port}"
            raise NotAllowed("to", f"{PRIVATE.format(host)} {allowed}.")


def _our_number(call: Call, wish: Wish) -> str:
    """The number that the person sees: the one the call came to or goes out from."""
    match call.direction:
        case Call.Direction.INBOUND:
            return call.callee
        case Call.Direction.OUTBOUND:
            return call.caller
    if transfers.is_sip(wish.address):
        return NOBODY
    return caller_id(cast(Agent, call.agent)).number
