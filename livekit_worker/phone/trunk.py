"""The line that carries calls out: an organization's SIP trunk at its provider."""

from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from livekit.protocol.sip import SIPOutboundConfig, SIPTransport

from telephony_app.models import TwilioAccount
from telephony_app.outbound.rules import NO_TRUNK

TRANSPORTS = {
    "udp": SIPTransport.SIP_TRANSPORT_UDP,
    "tcp": SIPTransport.SIP_TRANSPORT_TCP,
    "tls": SIPTransport.SIP_TRANSPORT_TLS,
}


class NoTrunk(Exception):
    """The organization has no line for calls out."""


@sensitive_variables()
def outbound_trunk(organization_id: int) -> SIPOutboundConfig:
    """The trunk with its login, for one request to LiveKit; raises `NoTrunk`."""
    account = TwilioAccount.objects.with_trunk().of(organization_id)
    if account is None:
        raise NoTrunk(NO_TRUNK)
    return SIPOutboundConfig(
        hostname=account.termination_host,
        transport=TRANSPORTS[settings.SIP_TRANSPORT],
        auth_username=account.sip_username,
        auth_password=account.secrets.reveal().get("sip_password", ""),
    )
