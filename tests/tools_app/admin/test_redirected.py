"""An editor who changes where a tool sends its key must know the key."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client

from agents_app.models import Agent
from tests.tools_app.admin.conftest import errors_of, fields_of, page, url_of
from tests.tools_app.conftest import API_KEY
from tools_app.models import AgentTool, ToolSecret

OLD, NEW = "https://weather.example/v1", "https://elsewhere.example"


@pytest.fixture
def station(avas_weather: AgentTool) -> AgentTool:
    """Ava's weather comes from an address, and may come by another one."""
    tool = avas_weather.platform_tool
    tool.config_schema["properties"]["station"] = {"type": "string"}
    tool.sensitive_schema["properties"]["server"] = {"type": "string"}
    tool.save()
    avas_weather.config = {"station": f"Ask {OLD} first."}
    avas_weather.save()
    return avas_weather


def complaints(client: Client, row: AgentTool, **changes: Any) -> dict[str, list[str]]:
    """What the tool's page answers to these changes; nothing when it saved them."""
    unchanged = {"config__station": row.config.get("station", "")}
    answer = client.post(url_of(row), fields_of(row, **unchanged | changes))
    return {} if answer.status_code == 302 else errors_of(answer)


@pytest.mark.parametrize(
    ("field", "label"), [("config__station", "Station"), ("secret__server", "Server")]
)
def test_key_is_asked_for_again_before_it_goes_to_a_new_address(
    as_ed: Client, station: AgentTool, field: str, label: str
) -> None:
    [words] = complaints(as_ed, station, **{field: NEW})["secret__api_key"]
    assert words.startswith(f"Enter it again: {label} is a new address")
    station.refresh_from_db()
    assert NEW not in str(station.config)
    assert station.sensitive_config.reveal() == {"api_key": API_KEY}


@pytest.mark.parametrize(
    "mended", [{"secret__api_key": "another-key-77"}, {"secrets_removed": ["api_key"]}]
)
def test_new_address_is_taken_with_a_new_key_or_without_one(
    as_ed: Client, station: AgentTool, mended: dict[str, Any]
) -> None:
    assert not complaints(as_ed, station, config__station=NEW, **mended)


@pytest.mark.parametrize("text", [f"{OLD}", f"First ask {OLD} today", "Rome", ""])
def test_words_around_an_address_may_change_and_so_may_it_be_left_out(
    as_ed: Client, station: AgentTool, text: str
) -> None:
    assert not complaints(as_ed, station, config__station=text)


def test_kept_address_is_no_key(as_ed: Client, station: AgentTool) -> None:
    station.sensitive_config = {"server": NEW}  # type: ignore[assignment]
    station.save()
    assert not complaints(as_ed, station, config__station="https://third.example")


def test_organizations_key_does_not_go_to_an_address_of_the_agents(
    as_ed: Client, station: AgentTool, shared_key: ToolSecret
) -> None:
    without = {"config__station": "Rome", "secrets_removed": ["api_key"]}
    assert not complaints(as_ed, station, **without)
    station.refresh_from_db()
    [(at, [words])] = complaints(as_ed, station, config__station=NEW).items()
    assert at == "secret__api_key"
    assert "the organization's is not sent to an address of your own (Station)" in words
    own = {"config__station": NEW, "secret__api_key": "another-key-77"}
    assert not complaints(as_ed, station, **own)


def test_pages_count_the_organizations_key_as_missing_beside_an_own_address(
    as_ed: Client, agent: Agent, station: AgentTool, shared_key: ToolSecret
) -> None:
    AgentTool.objects.update(sensitive_config={})
    assert "the organization's is not sent" in page(as_ed, url_of(station))
    assert "Still needs: API key" in page(as_ed, url_of(agent))
    AgentTool.objects.update(config={})
    assert "From the organization" in page(as_ed, url_of(station))
    assert "Still needs" not in page(as_ed, url_of(agent))


def test_new_address_beside_a_key_that_does_not_open_is_refused(
    as_ed: Client, station: AgentTool, settings: Any
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    [(at, [words])] = complaints(as_ed, station, config__station=NEW).items()
    assert (at, words[:33]) == ("__all__", "The stored secrets cannot be open")
