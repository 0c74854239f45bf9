"""What a job knows of its call before the first word."""

import json

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agents_app.models import Agent, SpokenLine
from agents_app.speech import line_key
from livekit_worker.plan import CallPlan, UnknownCall, load_call
from livekit_worker.tools.past import PastRequest
from telephony_app.models import Call, CallEvent, Cause, Turn
from tools_app.models import AgentTool, Kind, Outcome, PlatformTool


def load(call: Call) -> CallPlan:
    """The plan of a call that the metadata names, as every dispatch does."""
    return load_call(json.dumps({"call_id": str(call.pk)}), "another-room")


def talked_before(call: Call, *, jobs: int) -> None:
    """Let the call have been answered, and carried by this many jobs that are gone."""
    call.answered_at = timezone.now()
    call.save()
    for number in range(jobs):
        call.events.create(
            kind=CallEvent.Kind.AGENT_JOINED,
            source="worker",
            dedupe_key=f"joined-{number}",
            at=timezone.now(),
        )
    for number, words in enumerate(["Hello, this is Ava.", "What does it cost?"]):
        speaker = Turn.Speaker.CALLER if number else Turn.Speaker.AGENT
        Turn.objects.create(
            call=call,
            item_id=str(number),
            speaker=speaker,
            text=words,
            spoken_from=timezone.now(),
        )


@pytest.fixture
def desks(agent: Agent) -> list[AgentTool]:
    """Three uses of an endpoint, whose functions are in rows."""
    tool = PlatformTool.objects.create(key="desk", name="Desk", kind=Kind.HTTP)
    tool.functions.create(name="book", description="Book a room.")
    return [
        AgentTool.objects.create(agent=agent, platform_tool=tool, name=f"desk-{n}")
        for n in range(3)
    ]


def test_plan_without_tools_is_read_in_three_queries(
    call: Call, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        load(call)


def test_plan_with_tools_is_read_in_four_queries(
    call: Call,
    desks: list[AgentTool],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(4):
        plan = load(call)
    assert [tool.name for tool in plan.tools] == ["desk-0", "desk-1", "desk-2"]


def test_plan_of_a_resumed_call_is_read_in_six_queries(
    call: Call,
    desks: list[AgentTool],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    talked_before(call, jobs=1)
    with django_assert_num_queries(6):
        load(call)


def test_resumed_call_knows_what_was_asked_of_its_tools(
    call: Call, desks: list[AgentTool]
) -> None:
    talked_before(call, jobs=1)
    for number, repeated in enumerate([False, True]):
        call.tool_calls.create(
            key=str(number),
            agent_tool=desks[0],
            function="book",
            fingerprint="f" * 64,
            outcome=Outcome.DONE,
            result="Booked.",
            was_repeated=repeated,
            started_at=timezone.now(),
        )
    asked = (desks[0].pk, "book")
    past = PastRequest(asked, "f" * 64, Outcome.DONE, "Booked.")
    assert load(call).past_requests == (past,)


def test_call_that_is_refused_loads_no_tools(
    call: Call, desks: list[AgentTool]
) -> None:
    Agent.objects.update(is_active=False)
    assert load(call).tools == ()


@pytest.mark.parametrize("metadata", ["", "garbage", "[]", '{"call_id": 7}', "null"])
def test_garbage_metadata_finds_the_call_by_its_room(call: Call, metadata: str) -> None:
    assert load_call(metadata, call.room).call == call


@pytest.mark.django_db
def test_room_without_a_call_is_unknown() -> None:
    with pytest.raises(UnknownCall):
        load_call("", "a-room-that-nobody-made")


def test_call_keeps_the_version_it_was_opened_with(call: Call, agent: Agent) -> None:
    agent.greeting = "A newer greeting."
    agent.save()
    agent.publish()
    assert load(call).lines["greeting"].text.startswith("Hello, this is Ava.")


def test_ready_made_audio_comes_with_its_line(call: Call, agent: Agent) -> None:
    config = agent.config
    SpokenLine.objects.create(
        key=line_key(config.line("greeting"), config),
        text=config.line("greeting"),
        voice=config.voice,
        language=config.language,
        engine="espeak",
        sample_rate=24_000,
        pcm=b"\1\0" * 480,
    )
    assert load(call).lines["greeting"].pcm == b"\1\0" * 480


def test_inactive_agent_is_refused_with_its_cause(call: Call, agent: Agent) -> None:
    Agent.objects.update(is_active=False)
    assert load(call).refusal == Cause.AGENT_INACTIVE


def test_unusable_version_is_refused_and_names_the_field(call: Call) -> None:
    assert call.version
    call.version.raw_config["voice"] = "Nobody"
    call.version.save()
    plan = load(call)
    assert plan.refusal == Cause.BAD_CONFIG
    assert "voice" in plan.refusal_detail


def test_resumed_call_knows_what_was_said(call: Call) -> None:
    talked_before(call, jobs=1)
    plan = load(call)
    assert plan.is_resumed
    assert [turn.text for turn in plan.history] == [
        "Hello, this is Ava.",
        "What does it cost?",
    ]


def test_call_whose_agent_died_twice_is_refused(call: Call) -> None:
    talked_before(call, jobs=2)
    assert load(call).refusal == Cause.WORKER_LOST


def test_call_that_was_never_answered_begins_anew(call: Call) -> None:
    Call.objects.update(dispatches=3)
    plan = load(call)
    assert plan.refusal is None
    assert not plan.is_resumed


def test_dispatches_that_nobody_took_are_no_deaths(call: Call) -> None:
    talked_before(call, jobs=1)
    Call.objects.update(dispatches=4)
    assert load(call).refusal is None


def test_call_out_fills_prompt_and_lines_with_its_own_values(
    agent: Agent, call: Call
) -> None:
    agent.variables = {"name": "there", "day": "today"}
    agent.system_prompt, agent.greeting = "It is {day}.", "Hello {name}."
    call.version, call.variables = agent.publish(), {"name": "Zoe"}
    call.save()
    plan = load(call)
    assert plan.config.prompt == "It is today."
    assert plan.lines["greeting"].text == "Hello Zoe."


def test_line_that_a_calls_values_leave_blank_is_said_as_by_default(
    agent: Agent, call: Call
) -> None:
    agent.variables = {"hello": "Good day."}
    agent.greeting = agent.unavailable_message = "{hello}"
    call.version, call.variables = agent.publish(), {"hello": " "}
    call.save()
    lines = load(call).lines
    assert lines["greeting"].text.startswith("Hello, this is Ava.")
    assert lines["unavailable_message"].text.startswith("I am sorry")
