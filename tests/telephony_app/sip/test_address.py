"""SIP addresses."""

import pytest

from telephony_app.sip.address import SipUri, uri_in


def test_address_of_twilios_sip_noun_is_read() -> None:
    uri = SipUri.parse(
        "sip:agent-4-+15550002222-9f@sip.example.com:5061;transport=tls"
        "?X-Call-Id=01J9&X-Note=two%20words"
    )
    assert (uri.user, uri.host, uri.port) == (
        "agent-4-+15550002222-9f",
        "sip.example.com",
        5061,
    )
    assert uri.transport == "tls"
    assert uri.headers == {"X-Call-Id": "01J9", "X-Note": "two words"}
    assert str(uri) == (
        "sip:agent-4-+15550002222-9f@sip.example.com:5061;transport=tls"
    )


def test_plain_address_goes_over_udp() -> None:
    assert SipUri.parse("sip:a@b").transport == "udp"
    assert SipUri.parse("sips:a@b").transport == "tls"


async def test_port_follows_the_transport() -> None:
    assert await SipUri.parse("sip:a@127.0.0.1").socket_address() == ("127.0.0.1", 5060)
    tls = SipUri.parse("sip:a@127.0.0.1;transport=tls")
    assert await tls.socket_address() == ("127.0.0.1", 5061)


@pytest.mark.parametrize("text", ["", "tel:+15550001", "a@b", "sip:", "http://a"])
def test_other_text_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="no SIP address"):
        SipUri.parse(text)


@pytest.mark.parametrize(
    "value", ['"A" <sip:a@b;lr>;tag=c', "<sip:a@b;lr>", "sip:a@b;lr"]
)
def test_address_is_found_in_a_header(value: str) -> None:
    assert uri_in(value).startswith("sip:a@b")
