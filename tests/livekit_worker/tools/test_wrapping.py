"""The functions of tools as LiveKit's own machinery takes and calls them."""

from dataclasses import replace

import pytest
from livekit.agents import llm
from livekit.plugins.google.utils import create_tools_config

from livekit_worker.tools.answer import MOST_CHARACTERS
from livekit_worker.tools.request import Request
from livekit_worker.tools.wrapping import Functions, wrapped
from tests.livekit_worker.tools.conftest import context, run
from tools_app.errors import ToolError
from tools_app.functions.declarations import declare
from tools_app.running.tool import LoadedTool


def declared(functions: Functions) -> dict[str, object]:
    """What Gemini is told, by function."""
    tools, _ = create_tools_config(
        llm.ToolContext(functions), use_parameters_json_schema=False
    )
    declarations = tools[0].function_declarations or []
    return {
        d.name: d.model_dump(mode="json", by_alias=True, exclude_none=True)
        for d in declarations
        if d.name
    }


async def call(functions: Functions, name: str, arguments: str) -> str:
    """Call a function as LiveKit does."""
    tool = llm.ToolContext(functions).function_tools[name]
    args, kwargs = llm.utils.prepare_function_arguments(
        fnc=tool, json_arguments=arguments, call_ctx=context(name)
    )
    return str(await tool(*args, **kwargs))


def test_model_is_offered_what_staff_left_ticked(loaded: LoadedTool) -> None:
    functions = declared(wrapped([loaded], run))
    assert "book" in functions
    assert "nothing" not in functions


def test_model_is_told_what_staff_are_shown(loaded: LoadedTool) -> None:
    functions = declared(wrapped([loaded], run))
    assert functions == {spec.name: declare(spec) for spec in loaded.specs}


def test_same_function_of_two_tools_has_two_names(loaded: LoadedTool) -> None:
    other = replace(loaded, agent_tool_id=2, name="night-desk")
    names = declared(wrapped([loaded, other], run)).keys()
    assert {"desk_book", "night-desk_book"} <= names


async def test_call_arrives_with_its_tool_function_and_arguments(
    loaded: LoadedTool,
) -> None:
    requests: list[Request] = []

    async def note(request: Request) -> str:
        requests.append(request)
        return "Noted."

    other = replace(loaded, agent_tool_id=2, name="night")
    functions = wrapped([loaded, other], note)
    assert await call(functions, "night_book", '{"day": "Monday"}') == "Noted."
    [request] = requests
    assert request.asked == (2, "book")
    assert request.arguments == {"day": "Monday"}


async def test_words_of_a_tool_reach_the_model(loaded: LoadedTool) -> None:
    async def refuse(_: Request) -> str:
        raise ToolError("That day is taken.", detail="HTTP 409")

    with pytest.raises(llm.ToolError) as raised:
        await call(wrapped([loaded], refuse), "book", '{"day": "Monday"}')
    assert raised.value.message == "That day is taken."


async def test_endless_words_are_cut(loaded: LoadedTool) -> None:
    async def refuse(_: Request) -> str:
        raise ToolError("no " * 100_000)

    with pytest.raises(llm.ToolError) as raised:
        await call(wrapped([loaded], refuse), "book", '{"day": "Monday"}')
    assert len(raised.value.message) < MOST_CHARACTERS + 60


async def test_text_of_an_unforeseen_error_does_not(loaded: LoadedTool) -> None:
    with pytest.raises(llm.ToolError) as raised:
        await call(wrapped([loaded], run), "explode", "{}")
    assert raised.value.message == "This does not work at the moment."
    assert raised.value.__suppress_context__
