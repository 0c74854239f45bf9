"""Who a webhook of Twilio's is from: the account that signed it, and its number."""

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest

from telephony_app.e164 import E164
from telephony_app.models import Call, PhoneNumber, SipBridge, TwilioAccount
from telephony_app.twilio import called_number
from telephony_app.twilio.signature import is_about_a_call, is_signed_by


@dataclass(frozen=True)
class Sender:
    """A known account; `number` is the one that was called, when it is known too, and
    `bridge` the way to the agent, when it was read with the number."""

    account: TwilioAccount
    number: PhoneNumber | None
    bridge: SipBridge | None = None

    def call(self, call_sid: str) -> Call | None:
        """The account's call of this name."""
        theirs = Call.objects.filter(organization_id=self.account.organization_id)
        calls = theirs.select_related("phone_number", "version")
        return calls.filter(call_sid=call_sid).first()


def sender_of(request: HttpRequest) -> Sender | None:
    """Who signed the request; None when nobody did who may speak of this number.

    One query where the called number is known: a number speaks for one account only.
    """
    if not is_about_a_call(request):
        return None
    account_sid, to = request.POST["AccountSid"], request.POST.get("To", "")
    called = called_number.find(to) if E164.fullmatch(to) else None
    account = _owner(called.number) if called else _account(account_sid)
    if account is None or account.account_sid != account_sid:
        return None
    if not is_signed_by(account, request):
        return None
    return Sender(account, *called) if called else Sender(account, None)


def _owner(number: PhoneNumber) -> TwilioAccount | None:
    try:
        return number.organization.twilio_account
    except ObjectDoesNotExist:
        return None


def _account(account_sid: str) -> TwilioAccount | None:
    accounts = TwilioAccount.objects.select_related("organization")
    return accounts.filter(account_sid=account_sid).first()
