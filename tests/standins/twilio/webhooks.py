"""Webhooks as Twilio sends them: forms, signed with the account's token.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, urldefrag

import requests
from twilio.request_validator import RequestValidator

# What Twilio waits for an answer.
PATIENCE_SECONDS = 15


@dataclass(frozen=True)
class Webhook:
    """A webhook that was sent, and what came back."""

    url: str
    form: dict[str, str]
    status: int
    answer: str


class Webhooks:
    """Sends an account's webhooks, and remembers them."""

    def __init__(self, account_sid: str, token: str) -> None:
        self.account_sid = account_sid
        self.token = token
        self.sent: list[Webhook] = []

    def headers(self, url: str, form: Mapping[str, str]) -> dict[str, str]:
        """What Twilio puts beside the form."""
        return {
            "X-Twilio-Signature": RequestValidator(self.token).compute_signature(
                url, dict(form)
            ),
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "User-Agent": "TwilioProxy/1.1",
        }

    def send(self, url: str, form: Mapping[str, str]) -> str:
        """Post it, again where the address says so; the answer's text. Raises for an
        answer that is an error."""
        url, overrides = urldefrag(url)
        how = dict(parse_qsl(overrides))
        answer = self._post(url, form)
        for _ in range(int(how.get("rc", 0))):
            if answer.status_code >= 500 and "5xx" in how["rp"]:
                answer = self._post(url, form)
        answer.raise_for_status()
        return answer.text

    def _post(self, url: str, form: Mapping[str, str]) -> requests.Response:
        full = {"AccountSid": self.account_sid, "ApiVersion": "2010-04-01"} | dict(form)
        answer = requests.post(
            url, full, headers=self.headers(url, full), timeout=PATIENCE_SECONDS
        )
        self.sent.append(Webhook(url, full, answer.status_code, answer.text))
        return answer


def stamp(at: datetime | None = None) -> str:
    """A moment, by default now, as status callbacks tell it: in whole seconds."""
    return format_datetime(at or datetime.now(UTC))
