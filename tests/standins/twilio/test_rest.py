"""The stand-in answers as Twilio does, also to Twilio's own library."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.standins.twilio.rest import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    NUMBER,
    OPTED_OUT,
    Twilio,
    twilio_error,
)

MOBILE = "+491701234567"


class ToStandIn(TwilioHttpClient):
    """Twilio's client, to another address."""

    def __init__(self, twilio: Twilio) -> None:
        super().__init__(timeout=5)
        self._twilio = twilio

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> object:
        """The same request to the stand-in."""
        url = url.replace("https://api.twilio.com", self._twilio.url)
        return super().request(method, url, *args, **kwargs)  # type: ignore[arg-type]


def client(twilio: Twilio, token: str = AUTH_TOKEN) -> Client:
    return Client(ACCOUNT_SID, token, http_client=ToStandIn(twilio))


def test_library_sends_a_message(twilio: Twilio) -> None:
    message = client(twilio).messages.create(to=MOBILE, from_=NUMBER, body="Hi")
    assert (message.status, message.num_segments) == ("queued", "1")
    assert twilio.sent[0]["body"] == "Hi"


def test_library_reads_account_and_numbers(twilio: Twilio) -> None:
    api = client(twilio).api.accounts(ACCOUNT_SID)
    assert api.fetch().status == "active"
    [number] = api.incoming_phone_numbers.list(phone_number=NUMBER)
    assert number.capabilities["sms"] is True


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "soon"}, 21211),
        ({"to": OPTED_OUT}, 21610),
        ({"to": "+88213300000"}, 21408),
        ({"from_": "+15550001111"}, 21659),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
    ],
)
def test_library_reads_refusals(
    twilio: Twilio, fields: dict[str, str], code: int
) -> None:
    message = {"to": MOBILE, "from_": NUMBER, "body": "Hi"} | fields
    with pytest.raises(TwilioRestException) as caught:
        client(twilio).messages.create(**message)
    assert (caught.value.status, caught.value.code) == (400, code)


def test_wrong_token_lets_nobody_in(twilio: Twilio) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client(twilio, "wrong").messages.create(to=MOBILE, from_=NUMBER, body="Hi")
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_fault_comes_once(twilio: Twilio) -> None:
    twilio.fail(twilio_error(429, 20429, "Too Many Requests"))
    with pytest.raises(TwilioRestException):
        client(twilio).api.accounts(ACCOUNT_SID).fetch()
    assert client(twilio).api.accounts(ACCOUNT_SID).fetch().status == "active"
