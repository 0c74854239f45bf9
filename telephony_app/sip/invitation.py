"""The INVITE that begins a call, and its second try with a password."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from telephony_app.sip import digest, sdp
from telephony_app.sip.address import SipUri
from telephony_app.sip.dialog import new_tag
from telephony_app.sip.endpoint import Endpoint, new_branch
from telephony_app.sip.leg import ALLOWED
from telephony_app.sip.message import Headers, Request, Response

# The header of a challenge, and the one that answers it.
ANSWERS = {
    401: ("WWW-Authenticate", "Authorization"),
    407: ("Proxy-Authenticate", "Proxy-Authorization"),
}


@dataclass(frozen=True)
class Credentials:
    """Who we are for the other side."""

    user: str
    password: str


def invitation(
    endpoint: Endpoint,
    uri: SipUri,
    *,
    caller: str,
    told: Mapping[str, str],
    sound: sdp.Sound,
) -> Request:
    """The INVITE to this address, with what is told along as headers."""
    host, port = endpoint.wire.local
    headers = Headers(
        [
            ("Via", endpoint.via(new_branch())),
            ("Max-Forwards", "70"),
            ("From", f'"{caller}" <sip:{caller}@{host}:{port}>;tag={new_tag()}'),
            ("To", f"<sip:{uri.user}@{uri.host}>"),
            ("Call-ID", secrets.token_hex(12)),
            ("CSeq", "1 INVITE"),
            ("Contact", endpoint.contact(caller)),
            ("Allow", ALLOWED),
            *told.items(),
            ("Content-Type", sdp.MIME),
        ]
    )
    return Request(uri=str(uri), headers=headers, body=bytes(sound))


def authorized(
    refused: Request, challenge: Response, credentials: Credentials, via: str
) -> Request:
    """The same INVITE again, with the answer to the challenge.

    Raises ValueError for a challenge that asks for more than MD5.
    """
    asked, answered = ANSWERS[challenge.status]
    headers = Headers(refused.headers)
    headers["Via"] = via
    headers["CSeq"] = f"{int(refused.headers['CSeq'].split()[0]) + 1} INVITE"
    headers[answered] = digest.answer(
        challenge.headers[asked],
        method="INVITE",
        uri=refused.uri,
        user=credentials.user,
        password=credentials.password,
    )
    return Request(uri=refused.uri, headers=headers, body=refused.body)
