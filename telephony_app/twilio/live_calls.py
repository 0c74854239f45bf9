"""What is done to a call while it lasts.

https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource
"""

from telephony_app.models import Call, TwilioAccount
from telephony_app.twilio import twiml
from telephony_app.twilio.rest import TwilioRefused, client_of, refusals

# https://www.twilio.com/docs/voice/api/recording#update-a-recording-resource
CURRENT = "Twilio.CURRENT"
NO_ACCOUNT = "The organization has no Twilio account here any more: add it again."


def put_through(call: Call) -> None:
    """Take the caller's line from the agent and ring the person `transferred_to`.

    Raises `TwilioRefused`.
    """
    document = twiml.put_through(call, call.transferred_to)
    with refusals():
        client_of(account_of(call)).calls(call.call_sid).update(twiml=document)


def stop_recording(call: Call) -> None:
    """Record no more of what is said in the call. Raises `TwilioRefused`."""
    with refusals():
        live = client_of(account_of(call)).calls(call.call_sid)
        live.recordings(CURRENT).update(status="stopped")


def account_of(call: Call) -> TwilioAccount:
    """The account that the call came through; raises `TwilioRefused` without one."""
    owned = TwilioAccount.objects.filter(organization=call.organization_id)
    if account := owned.first():
        return account
    raise TwilioRefused(NO_ACCOUNT)
