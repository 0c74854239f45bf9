"""Asking our own webhooks as Twilio does, signed with an account's token."""

import asyncio
import secrets
from collections.abc import Mapping

import requests
from django.views.decorators.debug import sensitive_variables
from twilio.request_validator import RequestValidator

from telephony_app.models import TwilioAccount
from telephony_app.twilio.signature import HEADER

# What Twilio waits for an answer.
TIMEOUT_SECONDS = 15


class WebhookFailed(Exception):
    """Our own webhook did not do its part; the text says what to look at."""


@sensitive_variables()
def post_signed(
    url: str, form: Mapping[str, str], *, token: str, seconds: float = TIMEOUT_SECONDS
) -> requests.Response:
    """Post one webhook. Raises `requests.RequestException` where nobody answers."""
    signature = RequestValidator(token).compute_signature(url, dict(form))
    return requests.post(
        url,
        dict(form),
        headers={HEADER: signature},
        timeout=seconds,
        # Twilio would follow, and ask the other address without the form.
        allow_redirects=False,
    )


class TrialWebhooks:
    """Sends what Twilio would about one call, signed with the account's token."""

    def __init__(self, account: TwilioAccount, *, caller: str, callee: str) -> None:
        self.call_sid = f"CA{secrets.token_hex(16)}"
        self._account = account
        self._form = {
            "AccountSid": account.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.call_sid,
            "CallStatus": "ringing",
            "Direction": "inbound",
            "From": caller,
            "Caller": caller,
            "To": callee,
            "Called": callee,
        }

    async def ask(self, url: str, form: Mapping[str, str]) -> str:
        """What our webhook answers about the call as it is now, off the event loop."""
        going_on = dict(form) | {"CallStatus": "in-progress"}
        return await asyncio.to_thread(self.send, url, going_on)

    @sensitive_variables()
    def send(self, url: str, form: Mapping[str, str]) -> str:
        """Post one webhook; its answer. Raises WebhookFailed when it is refused."""
        told = self._form | dict(form)
        token = self._account.secrets.reveal().get("auth_token", "")
        try:
            answer = post_signed(url, told, token=token)
        except requests.RequestException as error:
            raise WebhookFailed(
                f"Nobody answers at {url}: see PUBLIC_BASE_URL."
            ) from error
        if answer.status_code != requests.codes.ok:
            raise WebhookFailed(
                f"{url} answers {answer.status_code}. 403 means that the account's "
                "token or PUBLIC_BASE_URL is not what the web process knows."
            )
        return answer.text
