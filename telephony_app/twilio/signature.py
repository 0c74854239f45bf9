"""Whether a request comes from Twilio: signed with the token of a known account.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

import re
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables
from twilio.request_validator import RequestValidator

from telephony_app.models import TwilioAccount

HEADER = "X-Twilio-Signature"
FORM = "application/x-www-form-urlencoded"
# Signs a JSON body; the fields of a form are signed themselves, and beside it not.
BODY_HASH = "bodySHA256"
TOKENS = ("auth_token", "next_auth_token")
SIDS = {"AccountSid": r"AC[0-9a-f]{32}", "CallSid": r"CA[0-9a-f]{32}"}


def is_about_a_call(request: HttpRequest) -> bool:
    """Whether it is worth looking for the account: a signed form that names a call."""
    return (
        request.content_type == FORM
        and HEADER in request.headers
        and BODY_HASH not in request.GET
        and all(re.fullmatch(sid, request.POST.get(n, "")) for n, sid in SIDS.items())
    )


@sensitive_variables()
def is_signed_by(account: TwilioAccount, request: HttpRequest) -> bool:
    """Whether the account's token, or the one it is being changed to, signed the form.

    The address is the public one that Twilio was given, whatever the request says of
    host and scheme: those headers are anybody's.
    """
    url = settings.PUBLIC_BASE_URL + request.get_full_path()
    return any(
        RequestValidator(token).validate(url, request.POST, request.headers[HEADER])
        for token in _tokens(account)
    )


def _tokens(account: TwilioAccount) -> Iterator[str]:
    secrets = account.secrets.reveal()
    return (secrets[name] for name in TOKENS if name in secrets)
