"""SIP messages, read and written."""

import pytest

from telephony_app.sip.message import (
    Headers,
    NotSip,
    Request,
    Response,
    parameter,
    parse,
)

INVITE = (
    b"INVITE sip:room@127.0.0.1 SIP/2.0\r\n"
    b"v: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKab;rport, SIP/2.0/UDP 10.0.0.2;branch=z\r\n"
    b'f: "A;tag=no" <sip:a@b>;tag=yes\r\n'
    b"To: <sip:room@127.0.0.1>\r\n"
    b"i: call-1\r\n"
    b"CSeq: 7 INVITE\r\n"
    b"X-Long: one\r\n two\r\n"
    b"Content-Length: 3\r\n\r\nv=0"
)


def invite() -> Request:
    """The request above."""
    message = parse(INVITE)
    assert isinstance(message, Request)
    return message


def test_request_is_read_with_short_and_folded_headers() -> None:
    message = invite()
    assert (message.method, message.uri) == ("INVITE", "sip:room@127.0.0.1")
    assert message.branch == "z9hG4bKab"
    assert message.headers["call-id"] == "call-1"
    assert message.headers["X-Long"] == "one two"
    assert message.body == b"v=0"


def test_tag_in_a_name_is_no_tag() -> None:
    assert parameter(invite().headers["From"], "tag") == "yes"


def test_message_is_written_as_it_is_read() -> None:
    again = parse(bytes(invite()))
    assert isinstance(again, Request)
    assert list(again.headers) == list(invite().headers)
    assert again.body == b"v=0"


def test_answer_repeats_what_makes_it_findable() -> None:
    answer = Response.to(invite(), 180, "Ringing", tag="ours")
    assert answer.headers["Via"] == invite().headers["Via"]
    assert answer.headers["To"] == "<sip:room@127.0.0.1>;tag=ours"
    assert answer.headers["CSeq"] == "7 INVITE"
    assert bytes(answer).startswith(b"SIP/2.0 180 Ringing\r\n")


def test_length_is_the_bodys() -> None:
    request = Request(
        uri="sip:a@b", headers=Headers([("CSeq", "1 INFO")]), body="é".encode()
    )
    assert b"Content-Length: 2\r\n" in bytes(request)


@pytest.mark.parametrize(
    "data", [b"\x00\x01", b"GET / HTTP/1.1\r\n\r\n", b"hello\r\n\r\n"]
)
def test_other_bytes_are_no_message(data: bytes) -> None:
    with pytest.raises(NotSip):
        parse(data)
