"""What Twilio answers when it refuses, in words for the model and for staff.

https://www.twilio.com/docs/api/errors
"""

import httpx2
from pydantic import BaseModel, ValidationError

from tools_app.errors import ToolError
from tools_app.http_failures import HttpFailure

NOT_SENT = "The message was not sent."
BAD_NUMBER = "That number cannot get text messages. Ask for a mobile number."
OPTED_OUT = "The owner of that number does not want our messages, so none was sent."
BUSY = "Messages cannot be sent for a moment. It may work in a little while."
UNKNOWN = (
    "It is not known whether the message went out. Do not send it again: say that it "
    "may arrive."
)
CODES = {
    20003: (NOT_SENT, "account SID or auth token are wrong: set them anew"),
    20429: (BUSY, "too many requests at once; it passes"),
    21211: (BAD_NUMBER, "it takes the number for invalid"),
    21408: (NOT_SENT, "allow the country under Messaging, Settings, Geo permissions"),
    21606: (NOT_SENT, "the sender is no number of this account that can send messages"),
    21608: (NOT_SENT, "a trial account sends to verified numbers only"),
    21610: (OPTED_OUT, "its owner answered STOP to an earlier message"),
    21612: (NOT_SENT, "this sender cannot reach that country"),
    21614: (BAD_NUMBER, "it is no mobile number"),
    21617: (NOT_SENT, "the text is longer than 1,600 characters"),
    21659: (NOT_SENT, "the sender is no number of this account"),
    21660: (NOT_SENT, "the sender belongs to another account"),
}


class _Refusal(BaseModel):
    code: int = 0


async def refuse(response: httpx2.Response) -> None:
    """Raise `HttpFailure` for an answer that is not a success: a client's hook."""
    if response.is_success:
        return
    await response.aread()
    try:
        code = _Refusal.model_validate_json(response.content).code
    except ValidationError:
        code = 0
    words, hint = CODES.get(code) or (NOT_SENT, "it refuses")
    named = f" with error {code}" if code else ""
    manual = f" See https://www.twilio.com/docs/api/errors/{code}." if code else ""
    status = response.status_code
    raise HttpFailure(
        words,
        detail=f"Twilio answers {status}{named}: {hint}.{manual}",
        status=status,
        may_retry=status == 429,
    )


def of_sending(failure: HttpFailure) -> ToolError:
    """A failed request to send: one whose answer got lost may have been carried out."""
    if failure.was_sent and (failure.status is None or failure.status >= 500):
        return ToolError(UNKNOWN, detail=failure.detail)
    return failure
