"""What the Talk page offers to say to an agent with tools."""

import pytest
from pytest_django import DjangoAssertNumQueries

from agents_app.models import Agent
from livekit_worker.phrase_book import functions_of, things_to_say
from tools_app.models import AgentTool, Kind, PlatformTool

DAY = {"type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"]}


@pytest.fixture
def desk(agent: Agent) -> AgentTool:
    """A desk that books, in Ava's hands."""
    tool = PlatformTool.objects.create(key="desk", name="Desk", kind=Kind.HTTP)
    tool.functions.create(name="book_room", description="Book.", parameters=DAY)
    tool.functions.create(name="cancel_room", description="Cancel.", parameters=DAY)
    return AgentTool.objects.create(agent=agent, platform_tool=tool, name="desk")


def test_functions_come_first_then_small_talk(agent: Agent, desk: AgentTool) -> None:
    assert things_to_say(agent)[:3] == [
        "book a room for monday",
        "cancel a room for monday",
        "hello",
    ]


def test_function_that_is_not_ticked_is_not_offered(
    agent: Agent, desk: AgentTool
) -> None:
    desk.unselected_functions = ["cancel_room"]
    desk.save()
    assert [function.name for function in functions_of(agent)] == ["book_room"]


def test_tool_that_is_switched_off_is_not_offered(
    agent: Agent, desk: AgentTool
) -> None:
    AgentTool.objects.update(is_active=False)
    assert functions_of(agent) == []


def test_functions_that_share_a_name_are_called_as_the_model_calls_them(
    agent: Agent, desk: AgentTool
) -> None:
    AgentTool.objects.create(
        agent=agent,
        platform_tool=desk.platform_tool,
        name="night",
        unselected_functions=["cancel_room"],
    )
    names = [function.name for function in functions_of(agent)]
    assert names == ["desk_book_room", "cancel_room", "night_book_room"]


def test_phrases_are_found_in_two_queries(
    agent: Agent, desk: AgentTool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        things_to_say(agent)
