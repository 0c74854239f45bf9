"""What is done to a call while it lasts."""

import pytest

from telephony_app.models import Call, TwilioAccount
from telephony_app.twilio import live_calls
from telephony_app.twilio.rest import TwilioRefused
from tests.standins.twilio.rest import NUMBER, Twilio, twilio_error
from tests.telephony_app.posting import CALL_SID

SALES = "+12025550123"


@pytest.fixture
def live(call: Call, account: TwilioAccount) -> Call:
    """A call of Acme's that Twilio knows."""
    call.call_sid, call.caller, call.transferred_to = CALL_SID, "+12025550111", SALES
    return call


def test_caller_is_put_through_by_new_twiml(live: Call, twilio: Twilio) -> None:
    twilio.fail(twilio_error(200, 0, "as if it went on"))
    live_calls.put_through(live)
    asked = twilio.asked[-1]
    assert asked.path.endswith(f"/Calls/{CALL_SID}.json")
    assert "%2B12025550123%3C%2FNumber" in asked.body


def test_caller_who_is_gone_cannot_be_put_through(live: Call, twilio: Twilio) -> None:
    with pytest.raises(TwilioRefused, match="not in-progress"):
        live_calls.put_through(live)


def test_caller_is_hung_up_on(live: Call, twilio: Twilio) -> None:
    line = twilio.dial(live.caller, NUMBER)
    live.call_sid = line.sid
    live_calls.hang_up(live)
    line.is_hung_up_on()
    assert line.call.status == "completed"


def test_caller_who_is_gone_need_not_be_hung_up_on(live: Call, twilio: Twilio) -> None:
    live_calls.hang_up(live)
    assert twilio.asked


def test_twilio_that_does_not_hang_up_is_told_of(live: Call, twilio: Twilio) -> None:
    twilio.fail(twilio_error(429, 20429, "Too Many Requests"))
    with pytest.raises(TwilioRefused, match="patience"):
        live_calls.hang_up(live)


def test_recording_is_stopped(live: Call, twilio: Twilio) -> None:
    live_calls.stop_recording(live)
    assert CALL_SID in twilio.stopped


def test_account_that_is_gone_is_told(live: Call) -> None:
    TwilioAccount.objects.all().delete()
    with pytest.raises(TwilioRefused, match="add it again"):
        live_calls.put_through(live)
