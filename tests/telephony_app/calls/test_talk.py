"""The Talk page, as the server gives it."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from agents_app.models import Agent


def talk(client: Client, agent: Agent) -> Any:
    """Open the page."""
    return client.get(reverse("admin:talk", args=[agent.pk]))


def test_page_tells_its_script_whom_to_call(as_ed: Client, agent: Agent) -> None:
    text = talk(as_ed, agent).content.decode()
    [data] = re.findall(r'id="talk-data" type="application/json">(.*?)<', text)
    told = json.loads(data)
    assert (told["agent_id"], told["ready"]) == (agent.pk, True)
    assert told["session_url"] == "/api/v1/voice/session"
    assert told["calls_url"] == "/api/v1/calls/"


def test_page_hangs_below_its_agent(agent: Agent) -> None:
    url = reverse("admin:talk", args=[agent.pk])
    assert url == f"/admin/agents_app/agent/{agent.pk}/talk/"


def test_page_loads_nothing_from_elsewhere(as_ed: Client, agent: Agent) -> None:
    text = talk(as_ed, agent).content.decode()
    assert "vendor/livekit-client/livekit-client.umd.js" in text
    assert not re.findall(r'(?:src|href)="https?://', text)


def test_agent_that_takes_no_calls_says_so(as_ed: Client, agent: Agent) -> None:
    Agent.objects.update(is_active=False)
    text = talk(as_ed, agent).content.decode()
    assert "switched off or was never published" in text
    assert "disabled" in re.findall(r"<button[^>]*talk-start[^>]*>", text)[0]


def test_draft_that_callers_do_not_hear_is_told(as_ed: Client, agent: Agent) -> None:
    Agent.objects.update(greeting="Good evening.")
    assert "the draft is not heard yet" in talk(as_ed, agent).content.decode()


def test_sandbox_offers_things_to_say(as_ed: Client, agent: Agent) -> None:
    text = talk(as_ed, agent).content.decode()
    assert "Things you can say" in text
    assert "what are your opening hours" in text


def test_real_model_needs_no_phrases(
    as_ed: Client, agent: Agent, settings: Any
) -> None:
    settings.SANDBOX_MODEL = False
    assert "Things you can say" not in talk(as_ed, agent).content.decode()


def test_viewer_may_not_talk(client: Client, vic: User, agent: Agent) -> None:
    client.force_login(vic)
    assert talk(client, agent).status_code == 403


def test_foreign_agent_does_not_exist(
    client: Client, mallory: User, agent: Agent
) -> None:
    client.force_login(mallory)
    assert talk(client, agent).status_code == 404


@pytest.mark.django_db
def test_stranger_is_sent_to_the_login(client: Client, agent: Agent) -> None:
    answer = talk(client, agent)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/login/")
