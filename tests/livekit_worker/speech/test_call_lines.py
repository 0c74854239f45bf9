"""Lines of one call alone, spoken while the telephone rings."""

import json
from typing import Any

import pytest

from agents_app import speech
from agents_app.models import SpokenLine
from livekit_worker.orm import in_database
from livekit_worker.plan import CallPlan, load_call
from livekit_worker.speech.call_lines import CallLines
from telephony_app.models import Call


@pytest.fixture
def plan(call: Call) -> CallPlan:
    """A call out that greets by name, of an agent whose own lines are ready."""
    agent = call.agent
    assert agent
    agent.variables, agent.greeting = {"name": "there"}, "Hello {name}."
    call.version = agent.publish()
    call.variables = {"name": "Zoe"}
    call.save()
    speech.make_lines(agent.config)
    return load_call(json.dumps({"call_id": str(call.pk)}), "")


@pytest.mark.django_db(transaction=True)
async def test_greeting_of_this_call_is_made_and_kept_for_it_alone(
    plan: CallPlan,
) -> None:
    stored = await in_database(SpokenLine.objects.count)
    assert plan.lines["greeting"].text == "Hello Zoe."
    assert not plan.lines["greeting"].pcm
    lines = CallLines(plan)
    await lines.greeting_is_ready(seconds=20)
    lines.stop()
    assert plan.lines["greeting"].pcm
    assert await in_database(SpokenLine.objects.count) == stored


@pytest.mark.django_db(transaction=True)
async def test_voice_that_is_away_keeps_nobody_waiting(
    plan: CallPlan, settings: Any
) -> None:
    settings.SANDBOX_MODEL, settings.GOOGLE_API_KEY = False, ""
    lines = CallLines(plan)
    await lines.greeting_is_ready(seconds=20)
    lines.stop()
    assert not plan.lines["greeting"].pcm
