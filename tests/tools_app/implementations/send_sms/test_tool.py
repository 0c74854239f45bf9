"""Text messages through Twilio's real protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import ValidationError
from werkzeug import Response

from tests.standins.twilio.rest import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    NUMBER,
    OPTED_OUT,
    UNREACHABLE,
    Twilio,
    twilio_error,
)
from tests.tools_app.implementations.conftest import CallOf, Context
from tools_app.code_tools.tool import CodeTool
from tools_app.errors import ToolError
from tools_app.implementations.send_sms.tool import SendSmsTool

CONFIG = {"sender": NUMBER, "countries": ["DE", "AT"]}
SECRETS = {"account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN}
MOBILE = "+491701234567"


@asynccontextmanager
async def opened(secrets: Any = SECRETS, **config: Any) -> AsyncIterator[CodeTool]:
    """The tool during a call."""
    tool = CodeTool(SendSmsTool, CONFIG | config, secrets)
    await tool.setup()
    try:
        yield tool
    finally:
        await tool.aclose()


async def send(tool: CodeTool, call: Context, **arguments: Any) -> Any:
    """What the model is told."""
    valid = tool.validated("send_sms", {"text": "See you at 3.", **arguments})
    return await tool.call("send_sms", valid, call)


async def test_message_goes_out_from_our_number(twilio: Twilio, call: Context) -> None:
    async with opened() as tool:
        answer = await send(tool, call, to="0170 1234567")
    [message] = twilio.sent
    assert answer == {"sent_to": MOBILE}
    assert (message["from"], message["to"]) == (NUMBER, MOBILE)
    assert message["body"] == "See you at 3."


async def test_without_a_number_it_goes_to_the_caller(
    twilio: Twilio, call_of: CallOf
) -> None:
    async with opened() as tool:
        await send(tool, call_of("+436641234567"))
    assert twilio.sent[0]["to"] == "+436641234567"


async def test_caller_without_a_number_is_asked_for_one(
    twilio: Twilio, call_of: CallOf
) -> None:
    async with opened() as tool:
        with pytest.raises(ToolError, match="Ask the caller for their mobile"):
            await send(tool, call_of(""))
    assert twilio.asked == []


async def test_refusal_without_a_code_is_told_too(
    twilio: Twilio, call: Context
) -> None:
    twilio.fail(Response("<html>", 400))
    async with opened() as tool:
        with pytest.raises(ToolError, match="not sent") as caught:
            await send(tool, call, to=MOBILE)
    assert caught.value.detail == "Twilio answers 400: it refuses."


async def test_messaging_service_needs_no_number_of_the_account(
    twilio: Twilio, call: Context
) -> None:
    async with opened(sender="MG" + "a1" * 16) as tool:
        assert await tool.test(call)
    assert not any("IncomingPhoneNumbers" in asked.path for asked in twilio.asked)


async def test_tool_that_was_not_opened_says_so(call: Context) -> None:
    with pytest.raises(ToolError, match="cannot be sent") as caught:
        await send(CodeTool(SendSmsTool, CONFIG, SECRETS), call, to=MOBILE)
    assert caught.value.detail == "It is not set up."


async def test_messaging_service_sends_in_place_of_a_number(
    twilio: Twilio, call: Context
) -> None:
    service = "MG" + "a1" * 16
    async with opened(sender=service) as tool:
        await send(tool, call, to=MOBILE)
    assert twilio.sent[0]["messaging_service_sid"] == service


async def test_long_text_is_refused_with_its_limit(
    twilio: Twilio, call: Context
) -> None:
    async with opened(max_characters=20) as tool:
        await send(tool, call, to=MOBILE, text="x" * 20)
        with pytest.raises(ToolError, match="at most 20 characters"):
            await send(tool, call, to=MOBILE, text="x" * 21)
    assert len(twilio.sent) == 1


@pytest.mark.parametrize(
    ("number", "words", "code"),
    [
        (OPTED_OUT, "does not want our messages", "21610"),
        (UNREACHABLE, "Ask for a mobile number", "21614"),
    ],
)
async def test_refusal_is_said_and_explained(
    twilio: Twilio, call: Context, number: str, words: str, code: str
) -> None:
    async with opened() as tool:
        with pytest.raises(ToolError, match=words) as caught:
            await send(tool, call, to=number)
    assert code in caught.value.detail
    assert number not in caught.value.detail


async def test_wrong_token_is_named_and_not_shown(
    twilio: Twilio, call: Context
) -> None:
    async with opened(SECRETS | {"auth_token": "wrong-token"}) as tool:
        with pytest.raises(ToolError) as caught:
            await send(tool, call, to=MOBILE)
    assert "auth token are wrong: set them anew" in caught.value.detail
    assert "wrong-token" not in caught.value.detail + repr(caught.value)


async def test_lost_answer_is_not_sent_again(twilio: Twilio, call: Context) -> None:
    twilio.fail(twilio_error(503, 20503, "Service unavailable"), after=True)
    async with opened() as tool:
        with pytest.raises(ToolError, match="Do not send it again") as caught:
            await send(tool, call, to=MOBILE)
    assert len(twilio.sent) == 1
    assert not caught.value.may_retry


async def test_refusal_for_too_many_requests_may_be_tried_again(
    twilio: Twilio, call: Context
) -> None:
    twilio.fail(twilio_error(429, 20429, "Too Many Requests"))
    async with opened() as tool:
        with pytest.raises(ToolError) as caught:
            await send(tool, call, to=MOBILE)
    assert caught.value.may_retry
    assert twilio.sent == []


async def test_its_test_looks_at_account_and_sender(
    twilio: Twilio, call: Context
) -> None:
    twilio.type = "Trial"
    async with opened() as tool:
        answer = await tool.test(call)
    assert answer == {
        "account": "Salon",
        "kind": "a trial: only verified numbers",
        "sender": "can send",
    }
    assert twilio.sent == []


async def test_its_test_names_a_sender_that_cannot_send(
    twilio: Twilio, call: Context
) -> None:
    twilio.number(NUMBER)["capabilities"]["sms"] = False
    async with opened() as tool:
        with pytest.raises(ToolError) as caught:
            await tool.test(call)
    assert "no number of this account that can send" in caught.value.detail


async def test_its_test_names_an_account_that_was_suspended(
    twilio: Twilio, call: Context
) -> None:
    twilio.status = "suspended"
    async with opened() as tool:
        with pytest.raises(ToolError) as caught:
            await tool.test(call)
    assert "suspended" in caught.value.detail


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": "Salon"},
        {"countries": []},
        {"countries": ["Germany"]},
        {"max_characters": 1601},
    ],
)
def test_wrong_settings_are_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        CodeTool(SendSmsTool, CONFIG | wrong, SECRETS)
