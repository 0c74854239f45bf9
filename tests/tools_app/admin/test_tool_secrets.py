"""An organization's secrets for a tool: set by admins, read by nobody."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, Role, User
from sealed.forms import AGAIN
from tests.tools_app.admin.conftest import SHARED_KEY, errors_of, page, url_of
from tools_app.models import AgentTool, PlatformTool, ToolSecret

LIST = reverse("admin:tools_app_toolsecret_changelist")
ADD = reverse("admin:tools_app_toolsecret_add")
NEW = "brand-new-key-5555"


def test_tools_that_take_secrets_are_offered(
    as_alice: Client, weather: PlatformTool, rivals_tool: PlatformTool
) -> None:
    rivals_tool.sensitive_schema = {"properties": {"key": {"type": "string"}}}
    rivals_tool.save()
    text = page(as_alice, ADD)
    assert f"?tool={weather.pk}" in text and "api_key, account" in text
    assert rivals_tool.name not in text


def test_admin_sets_secrets_of_a_tool(
    as_alice: Client, alice: User, acme: Organization, weather: PlatformTool
) -> None:
    answer = as_alice.post(
        f"{ADD}?tool={weather.pk}", {"secret__api_key": NEW}, follow=True
    )
    row = ToolSecret.objects.get(organization=acme, platform_tool=weather)
    assert row.secrets.reveal() == {"api_key": NEW}
    assert row.set_by == alice and row.set_at
    assert "Agents of Acme use them from their next call." in answer.text
    assert NEW not in answer.text


def test_list_tells_ends_of_secrets_who_and_how_many(
    as_vic: Client, shared_key: ToolSecret, avas_weather: AgentTool
) -> None:
    text = page(as_vic, LIST)
    assert "api_key …9876" in text and "1 agent" in text
    assert SHARED_KEY not in text


def test_list_costs_the_same_queries_however_long(
    as_alice: Client,
    acme: Organization,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(20):
        tool = PlatformTool.objects.create(key=f"t{n}", name=f"T{n}")
        ToolSecret.objects.create(organization=acme, platform_tool=tool)
    with django_assert_max_num_queries(8):
        page(as_alice, LIST)


def test_blank_box_keeps_and_ticked_one_forgets(
    as_alice: Client, shared_key: ToolSecret
) -> None:
    as_alice.post(url_of(shared_key), {"secret__account": "acme-account"})
    shared_key.refresh_from_db()
    both = {"api_key": SHARED_KEY, "account": "acme-account"}
    assert shared_key.secrets.reveal() == both
    as_alice.post(url_of(shared_key), {"secrets_removed": ["api_key"]})
    shared_key.refresh_from_db()
    assert shared_key.secrets.reveal() == {"account": "acme-account"}


def test_nothing_filled_in_is_refused(as_alice: Client, weather: PlatformTool) -> None:
    answer = as_alice.post(f"{ADD}?tool={weather.pk}", {})
    assert errors_of(answer) == {"__all__": ["Fill in at least one secret."]}


def test_second_row_for_a_tool_is_refused_in_words(
    as_alice: Client, shared_key: ToolSecret
) -> None:
    url = f"{ADD}?tool={shared_key.platform_tool_id}"
    answer = as_alice.post(url, {"secret__api_key": NEW})
    assert "has secrets for this tool already" in str(errors_of(answer))
    assert errors_of(answer)["secret__api_key"] == [AGAIN]
    assert NEW not in answer.text


def test_page_shows_no_secret(as_alice: Client, shared_key: ToolSecret) -> None:
    text = page(as_alice, url_of(shared_key))
    assert "Set: <strong>…9876</strong>" in text
    assert SHARED_KEY not in text


def test_page_that_is_left_unsaved_asks_first(
    as_alice: Client, shared_key: ToolSecret
) -> None:
    assert "warn-unsaved-form" in page(as_alice, url_of(shared_key))


def test_lost_key_is_said_and_stops_no_page(
    as_alice: Client, shared_key: ToolSecret, settings: Any
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "Cannot be opened: set them again" in page(as_alice, LIST)
    assert "cannot be opened" in page(as_alice, url_of(shared_key))


@pytest.mark.parametrize("person", ["ed", "vic"])
def test_only_admins_set_secrets(
    client: Client,
    request: pytest.FixtureRequest,
    shared_key: ToolSecret,
    person: str,
) -> None:
    client.force_login(request.getfixturevalue(person))
    assert client.get(ADD).status_code == 403
    assert client.get(url_of(shared_key)).status_code == 403
    fields = {"secret__api_key": NEW}
    assert client.post(url_of(shared_key), fields).status_code == 403
    url = f"{ADD}?tool={shared_key.platform_tool_id}"
    assert client.post(url, fields).status_code == 403


def test_secrets_are_not_set_where_one_is_no_admin(
    as_alice: Client, alice: User, rival: Organization, weather: PlatformTool
) -> None:
    Membership.objects.create(user=alice, organization=rival, role=Role.EDITOR)
    fields = {"organization": rival.pk, "secret__api_key": NEW}
    answer = as_alice.post(f"{ADD}?tool={weather.pk}", fields)
    assert "Select a valid choice" in errors_of(answer)["organization"][0]


def test_secrets_of_another_organizations_tool_cannot_be_set(
    as_alice: Client, rivals_tool: PlatformTool
) -> None:
    url = f"{ADD}?tool={rivals_tool.pk}"
    assert as_alice.get(url).status_code == 404
    assert as_alice.post(url, {"secret__key": NEW}).status_code == 404


def test_no_secrets_yet_says_what_they_are_for(as_alice: Client) -> None:
    text = page(as_alice, LIST)
    assert "No secrets of the organization yet" in text and ADD in text


def test_viewer_is_told_whom_to_ask(as_vic: Client) -> None:
    assert "Ask an admin of your organization" in page(as_vic, LIST)
