"""Pages of tools as staff meet them."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from tools_app.models import AgentTool, Kind, PlatformTool, ToolSecret

SHARED_KEY = "shared-secret-9876"


def url_of(row: Model, view: str = "change") -> str:
    """A page of the row."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{view}"
    return reverse(name, args=[row.pk])


def page(client: Client, url: str, **query: Any) -> str:
    """The text of a page that must be there."""
    answer = client.get(url, query)
    assert answer.status_code == 200, answer
    return answer.text


def errors_of(answer: Any) -> dict[str, list[str]]:
    """What a form complained of, by field."""
    form = answer.context["adminform"].form
    return {name: list(words) for name, words in form.errors.items()}


def fields_of(row: AgentTool, **changes: Any) -> dict[str, Any]:
    """What the browser sends from the weather tool's page when nothing was touched."""
    return {
        "name": row.name,
        "is_active": "on",
        "timeout_seconds": row.timeout_seconds,
        "max_per_call": row.max_per_call,
        "max_per_minute": row.max_per_minute,
        "config__units": '"metric"',
        "functions": ["forecast", "subscribe", "hang", "explode"],
    } | changes


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    """A browser in which Acme's admin is signed in."""
    client.force_login(alice)
    return client


@pytest.fixture
def as_vic(client: Client, vic: User) -> Client:
    """A browser in which Acme's viewer is signed in."""
    client.force_login(vic)
    return client


@pytest.fixture
def shared_key(acme: Organization, weather: PlatformTool, alice: User) -> ToolSecret:
    """Acme's own key for the weather."""
    return ToolSecret.objects.create(
        organization=acme,
        platform_tool=weather,
        secrets={"api_key": SHARED_KEY},
        set_by=alice,
    )


@pytest.fixture
def rivals_tool(rival: Organization) -> PlatformTool:
    """A tool that only Rival has."""
    return PlatformTool.objects.create(
        organization=rival, key="rivals", name="Rivals-Own", kind=Kind.HTTP
    )
