"""A question to another model, by OpenAI's protocol over a real socket."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import util
from typing import Any

import httpcore2
import pytest
from pydantic import ValidationError
from pytest_django import Settings
from werkzeug import Response

from tests.standins.chat_model import KEY, MODEL, ChatModel, chat_error
from tests.tools_app.implementations.conftest import Context
from tools_app.code_tools.registry import metadata_of
from tools_app.code_tools.tool import CodeTool
from tools_app.errors import ToolError
from tools_app.implementations import ask_specialist
from tools_app.implementations.ask_specialist import AskSpecialistTool
from tools_app.network.guarded_socket import trusted

CONFIG = {"model": MODEL, "instructions": "You are a vet."}
QUESTION = {"question": "My cat ate a lily. Is that bad?"}


@asynccontextmanager
async def opened(
    model: ChatModel, key: str = KEY, **config: Any
) -> AsyncIterator[CodeTool]:
    """The tool during a call."""
    secrets = {"api_key": key, "base_url": model.base_url}
    tool = CodeTool(AskSpecialistTool, CONFIG | config, secrets)
    await tool.setup()
    try:
        yield tool
    finally:
        await tool.aclose()


async def failure(tool: CodeTool, call: Context) -> ToolError:
    """Why a question got no answer."""
    with pytest.raises(ToolError) as caught:
        await tool.call("ask_specialist", QUESTION, call)
    return caught.value


async def test_question_is_answered_by_its_own_instructions(
    chat_model: ChatModel, call: Context
) -> None:
    async with opened(chat_model) as tool:
        answer = await tool.call("ask_specialist", QUESTION, call)
    [[system, human]] = chat_model.questions
    assert answer == {"answer": "Lilies are poisonous for cats."}
    assert system["content"].startswith("You are a vet.")
    assert human["content"] == QUESTION["question"]


async def test_slow_specialist_is_left_in_time(
    chat_model: ChatModel, call: Context
) -> None:
    chat_model.fail(seconds=3)
    async with opened(chat_model, seconds=1) as tool:
        error = await failure(tool, call)
    assert "takes too long" in error.words
    assert error.may_retry


@pytest.mark.parametrize(
    ("status", "hint", "may_retry"),
    [
        (400, "check the model's name", False),
        (401, "does not accept the key", False),
        (429, "limit of requests", True),
        (503, "failed by itself", True),
    ],
)
async def test_refusal_is_explained_and_quotes_nothing(
    chat_model: ChatModel, call: Context, status: int, hint: str, may_retry: bool
) -> None:
    chat_model.fail(chat_error(status, "some_code"))
    async with opened(chat_model) as tool:
        error = await failure(tool, call)
    assert hint in error.detail
    assert error.may_retry is may_retry
    assert KEY not in error.detail + error.words


async def test_opening_builds_no_trust_of_its_own(
    chat_model: ChatModel, call: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would halt the call for tens of milliseconds, just when the caller speaks."""
    trusted()
    monkeypatch.setattr(httpcore2, "default_ssl_context", None)
    async with opened(chat_model, seconds=7) as tool:
        await tool.call("ask_specialist", QUESTION, call)


async def test_wrong_key_is_not_shown(chat_model: ChatModel, call: Context) -> None:
    async with opened(chat_model, "sk-wrong-key-123456") as tool:
        error = await failure(tool, call)
    assert "does not accept the key" in error.detail
    assert "sk-wrong" not in error.detail + repr(error) + repr(tool)


async def test_empty_answer_is_none(chat_model: ChatModel, call: Context) -> None:
    chat_model.answer = " "
    async with opened(chat_model) as tool:
        assert "empty answer" in (await failure(tool, call)).detail


async def test_private_addresses_are_not_asked(
    chat_model: ChatModel, call: Context, settings: Settings
) -> None:
    settings.TOOLS_MAY_REACH = []
    async with opened(chat_model) as tool:
        assert "private address" in (await failure(tool, call)).detail
    assert chat_model.asked == []


async def test_its_test_asks_a_harmless_question(
    chat_model: ChatModel, call: Context
) -> None:
    async with opened(chat_model) as tool:
        answer = await tool.test(call)
    assert answer == {"model": MODEL, "answer": chat_model.answer}


async def test_without_langchain_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, call: Context
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    found = util.spec_from_file_location("without", ask_specialist.__file__)
    assert found and found.loader
    module = util.module_from_spec(found)
    monkeypatch.setitem(sys.modules, "without", module)
    found.loader.exec_module(module)
    tool = CodeTool(module.AskSpecialistTool, CONFIG, {"api_key": KEY})
    await tool.setup()
    assert "uv sync --extra langchain" in (await failure(tool, call)).detail
    assert metadata_of(module.AskSpecialistTool).description.startswith("Off: ")


def test_address_stands_beside_the_key() -> None:
    """Whoever may only change settings cannot have the key sent elsewhere."""
    with pytest.raises(ValidationError, match="base_url"):
        CodeTool(
            AskSpecialistTool,
            CONFIG | {"base_url": "https://elsewhere.example/"},
            {"api_key": KEY},
        )


async def test_answer_in_events_has_its_size_too(
    chat_model: ChatModel, call: Context
) -> None:
    chat_model.fail(Response("x" * 2_000_000, content_type="text/event-stream"))
    async with opened(chat_model) as tool:
        assert "more than 1,000,000 bytes" in (await failure(tool, call)).detail
