"""What is done to a call while it lasts.

https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource
"""

from twilio.rest import Client

from telephony_app.models import Call
from telephony_app.twilio import twiml
from telephony_app.twilio.rest import account_of, client_of, refusals

# https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource
CURRENT = "Twilio.CURRENT"
# https://www.twilio.com/docs/api/errors/21220
OVER = 21220


def put_through(call: Call) -> None:
    """Take the caller's line from the agent and ring the person `transferred_to`.

    Raises `TwilioRefused`.
    """
    document = twiml.put_through(call, call.transferred_to)
    with refusals():
        _client(call).calls(call.call_sid).update(twiml=document)


def hang_up(call: Call) -> None:
    """End the caller's line, whoever is on it; one that is over already is fine.

    Raises `TwilioRefused`.
    """
    with refusals(fine=OVER):
        _client(call).calls(call.call_sid).update(status="completed")


def stop_recording(call: Call) -> None:
    """Record no more of what is said in the call. Raises `TwilioRefused`."""
    with refusals():
        live = _client(call).calls(call.call_sid)
        live.recordings(CURRENT).update(status="stopped")


def _client(call: Call) -> Client:
    """Twilio's client of the account that the call came through."""
    return client_of(account_of(call.organization_id))
