"""The tools there are: their list, their page, who may do what."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from agents_app.models import Agent
from tests.tools_app.admin.conftest import page, url_of
from tools_app.models import AgentTool, Health, Kind, PlatformTool, ToolFunction

LIST = reverse("admin:tools_app_platformtool_changelist")


@pytest.fixture
def server(acme: Organization) -> PlatformTool:
    """Acme's own MCP server."""
    return PlatformTool.objects.create(
        organization=acme,
        key="stock",
        name="Warehouse",
        kind=Kind.MCP,
        definition={"url": "https://mcp.example.com/mcp"},
        version_hash="1",
    )


def test_list_tells_kind_health_functions_and_use(
    as_vic: Client, avas_weather: AgentTool
) -> None:
    avas_weather.platform_tool.note_health(Health.GOOD)
    rows = as_vic.get(LIST).context["cl"].result_list
    row = next(row for row in rows if row.key == "weather")
    assert (row.function_count, row.use_count) == (4, 1)
    text = page(as_vic, LIST, q="Weather")
    for words in ("Forecasts and alerts.", "Code", "Works", "1 agent"):
        assert words in text


def test_list_shows_own_and_everybodys_tools_only(
    as_vic: Client, server: PlatformTool, weather: PlatformTool, rivals_tool: Any
) -> None:
    text = page(as_vic, LIST)
    assert "Warehouse" in text and "Weather" in text
    assert rivals_tool.name not in text


def test_list_does_not_count_agents_of_others(
    as_vic: Client, weather: PlatformTool, rival: Organization
) -> None:
    theirs = Agent.objects.create(organization=rival, name="Rita")
    AgentTool.objects.create(agent=theirs, platform_tool=weather, name="weather")
    rows = as_vic.get(LIST).context["cl"].result_list
    assert [row.use_count for row in rows if row.key == "weather"] == [0]
    assert "Rita" not in page(as_vic, url_of(weather))


def test_list_costs_the_same_queries_however_long(
    as_vic: Client,
    acme: Organization,
    weather: PlatformTool,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(30):
        tool = PlatformTool.objects.create(organization=acme, key=f"t{n}", name=f"T{n}")
        ToolFunction.objects.create(platform_tool=tool, name="f")
    with django_assert_max_num_queries(12):
        as_vic.get(LIST)


def test_page_of_a_python_tool_is_read_only(
    admin_client: Client, weather: PlatformTool
) -> None:
    text = page(admin_client, url_of(weather))
    assert "4 functions" in text
    assert "&quot;description&quot;: &quot;As the caller says it.&quot;" in text
    assert "/edit/" not in text and "/delete/" not in text
    assert admin_client.get(url_of(weather, "edit")).status_code == 404
    answer = admin_client.post(url_of(weather, "delete"), {"post": "yes"})
    assert answer.status_code == 403


def test_page_leads_to_the_agents_that_use_it(
    as_vic: Client, avas_weather: AgentTool
) -> None:
    text = page(as_vic, url_of(avas_weather.platform_tool))
    assert url_of(avas_weather) in text and "Ava" in text


def test_page_tells_what_the_last_sync_changed(
    as_vic: Client, weather: PlatformTool
) -> None:
    weather.last_change = {"added": ["forecast"], "removed": ["alerts"], "changed": []}
    weather.save()
    weather.functions.create(name="alerts", removed_at=timezone.now())
    text = page(as_vic, url_of(weather))
    assert "<dt>New functions</dt><dd>forecast</dd>" in text
    assert "<dt>Functions that are gone</dt><dd>alerts</dd>" in text
    assert "Changed functions" not in text
    assert "<del>alerts</del> since" in text


def test_page_marks_a_tool_that_is_gone(as_vic: Client, weather: PlatformTool) -> None:
    weather.removed_at = timezone.now()
    weather.save()
    assert "No longer installed" in page(as_vic, url_of(weather))
    assert "No longer installed" in page(as_vic, LIST)


def test_page_says_why_a_server_does_not_work(
    as_vic: Client, server: PlatformTool
) -> None:
    server.note_health(Health.BAD, "It did not answer within 5 s.")
    text = page(as_vic, url_of(server))
    assert "Does not work" in text and "It did not answer within 5 s." in text


def test_admin_has_a_server_looked_at_and_sees_that_it_goes_on(
    as_alice: Client, server: PlatformTool
) -> None:
    answer = as_alice.post(url_of(server, "look"), follow=True)
    assert "Asking the server what it has" in answer.text
    assert url_of(server, "standing") in answer.text


def test_page_is_loaded_anew_when_the_look_is_over(
    as_alice: Client, server: PlatformTool
) -> None:
    since = urlencode({"since": timezone.now().isoformat()})
    part = f"{url_of(server, 'standing')}?{since}"
    assert "HX-Refresh" not in as_alice.get(part).headers
    server.note_health(Health.GOOD)
    assert as_alice.get(part).headers["HX-Refresh"] == "true"
    assert "Asking the server" not in page(as_alice, f"{url_of(server)}?{since}")


def test_session_that_ends_during_a_look_reloads_the_page_to_sign_in(
    client: Client, server: PlatformTool
) -> None:
    part = url_of(server, "standing")
    answer = client.get(part, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true" and not answer.content


@pytest.mark.parametrize("since", ["", "soon", "2026-01-01", "2026-99-99T00:00:00Z"])
def test_nonsense_about_a_look_shows_no_progress(
    as_alice: Client, server: PlatformTool, since: str
) -> None:
    assert "Asking the server" not in page(as_alice, url_of(server), since=since)


@pytest.mark.parametrize("person", ["ed", "vic"])
def test_only_an_admin_looks_edits_and_deletes(
    client: Client, request: pytest.FixtureRequest, server: PlatformTool, person: str
) -> None:
    client.force_login(request.getfixturevalue(person))
    text = page(client, url_of(server))
    assert "Look again" not in text and "/edit/" not in text
    assert client.post(url_of(server, "look")).status_code == 403
    assert client.get(url_of(server, "edit")).headers["Location"] == url_of(server)
    assert client.post(url_of(server, "delete"), {"post": "yes"}).status_code == 403


def test_admin_of_an_organization_does_not_change_what_is_everybodys(
    as_alice: Client, server: PlatformTool
) -> None:
    PlatformTool.objects.update(organization=None)
    assert as_alice.post(url_of(server, "look")).status_code == 403
    assert as_alice.get(url_of(server, "edit")).headers["Location"] == url_of(server)
    assert as_alice.post(url_of(server, "delete"), {"post": "yes"}).status_code == 403


def test_tool_in_use_is_not_deleted_and_names_who_uses_it(
    as_alice: Client, server: PlatformTool, agent: Agent
) -> None:
    row = AgentTool.objects.create(agent=agent, platform_tool=server, name="stock")
    assert url_of(server, "delete") in page(as_alice, url_of(server))
    answer = as_alice.post(url_of(server, "delete"), {"post": "yes"})
    assert "Cannot delete tool" in answer.text
    assert "Agent tool: stock of Ava" in answer.text
    row.delete()
    as_alice.post(url_of(server, "delete"), {"post": "yes"})
    assert not PlatformTool.objects.filter(pk=server.pk).exists()


def test_organization_is_deleted_with_the_tool_that_it_uses(
    admin_client: Client, acme: Organization, server: PlatformTool, agent: Agent
) -> None:
    AgentTool.objects.create(agent=agent, platform_tool=server, name="stock")
    assert "Agent tool:" not in page(admin_client, url_of(acme, "delete"))
    admin_client.post(url_of(acme, "delete"), {"post": "yes"})
    assert not Organization.objects.filter(pk=acme.pk).exists()
    assert not PlatformTool.objects.filter(pk=server.pk).exists()


def test_organization_whose_tool_others_use_is_not_deleted(
    admin_client: Client, acme: Organization, server: PlatformTool, rival: Organization
) -> None:
    rita = Agent.objects.create(organization=rival, name="Rita")
    AgentTool.objects.create(agent=rita, platform_tool=server, name="stock")
    one = admin_client.post(url_of(acme, "delete"), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [acme.pk], "post": "yes"}
    organizations = reverse("admin:accounts_organization_changelist")
    several = admin_client.post(organizations, chosen)
    assert "Agent tool: stock of Rita" in one.text
    assert "Agent tool: stock of Rita" in several.text
    assert Organization.objects.filter(pk=acme.pk).exists()


@pytest.mark.parametrize("view", ["look", "standing", "edit"])
def test_strangers_tool_does_not_exist(
    client: Client, mallory: User, server: PlatformTool, view: str
) -> None:
    client.force_login(mallory)
    assert client.post(url_of(server, view)).status_code == 404


def test_no_tools_yet_says_how_to_get_them(as_alice: Client, as_vic: Client) -> None:
    PlatformTool.objects.all().delete()
    assert "manage.py sync_tools" in page(as_vic, LIST)
