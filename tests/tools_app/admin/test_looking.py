"""What staff see of a tool that only its code can tell: Celery looks, the page says."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from agents_app.models import Agent
from tests.tools_app.admin.conftest import fields_of, page, url_of
from tools_app.models import AgentTool, Health, ToolSecret
from tools_app.running.looking import look_at

LOOKS = "Looking at what comes of its settings"
TOWNS = {"config__towns": "Oslo\nRome"}


def save(client: Client, row: AgentTool, **changes: Any) -> Any:
    """Save the tool's page; the page that follows."""
    return client.post(url_of(row), fields_of(row, **changes), follow=True)


@pytest.fixture
def seen(avas_weather: AgentTool) -> AgentTool:
    """Ava's tool, looked at before."""
    look_at(AgentTool.objects.all())
    return avas_weather


def test_page_says_that_new_settings_are_looked_at_and_then_what_came_of_it(
    as_ed: Client, seen: AgentTool
) -> None:
    answer = save(as_ed, seen, **TOWNS)
    assert LOOKS in answer.text
    part = url_of(seen, "standing")
    since = answer.redirect_chain[-1][0].partition("?")[2]
    assert f'hx-get="{part}' in page(as_ed, f"{part}?{since}")
    look_at(AgentTool.objects.all())
    after = page(as_ed, f"{part}?{since}")
    assert LOOKS not in after and "See what the model is told" in after


def test_page_shows_what_the_model_is_told_with_the_settings(
    as_ed: Client, vic: User, seen: AgentTool
) -> None:
    save(as_ed, seen, **TOWNS)
    look_at(AgentTool.objects.all())
    for person in ("editor", "viewer"):
        text = page(as_ed, url_of(seen))
        assert "With this agent's settings." in text, person
        assert "&quot;Oslo&quot;" in text
        as_ed.force_login(vic)


def test_settings_that_only_the_code_refuses_are_told(
    as_ed: Client, agent: Agent, seen: AgentTool
) -> None:
    save(as_ed, seen, config__towns="Oslo\nOslo")
    look_at(AgentTool.objects.all())
    assert "towns: a town is named twice" in page(as_ed, url_of(seen))
    assert "Does not work" in page(as_ed, url_of(agent))


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        (TOWNS, 1),
        ({"secret__api_key": "brand-new-key"}, 1),
        ({"secrets_removed": ["api_key"]}, 1),
        ({"max_per_call": 3}, 0),
    ],
)
def test_only_what_a_tool_is_made_of_is_looked_at(
    as_ed: Client,
    seen: AgentTool,
    changes: dict[str, Any],
    asked: int,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    seen.note_health(Health.GOOD)
    with django_capture_on_commit_callbacks() as callbacks:
        assert (LOOKS in save(as_ed, seen, **changes).text) is bool(asked)
    assert len(callbacks) == asked
    seen.refresh_from_db()
    assert seen.health == Health.GOOD


def test_new_secret_of_the_organization_is_looked_at_in_every_agents_hands(
    as_alice: Client,
    seen: AgentTool,
    shared_key: ToolSecret,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        as_alice.post(url_of(shared_key), {"secret__api_key": "brand-new-key"})
        as_alice.post(url_of(shared_key, "delete"), {"post": "yes"})
    assert not ToolSecret.objects.exists()
    assert len(callbacks) == 2


def test_strangers_tool_does_not_exist(
    client: Client, mallory: User, seen: AgentTool
) -> None:
    client.force_login(mallory)
    assert client.get(url_of(seen, "standing")).status_code == 404


def test_session_that_ends_during_a_look_reloads_the_page_to_sign_in(
    client: Client, seen: AgentTool
) -> None:
    part = url_of(seen, "standing")
    answer = client.get(part, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true" and not answer.content
