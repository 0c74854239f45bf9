"""The secrets of an agent's tool: written, hinted at, never read back."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils.timezone import now

from accounts.models import Organization, User
from sealed.forms import AGAIN
from tests.tools_app.admin.conftest import (
    SHARED_KEY,
    errors_of,
    fields_of,
    page,
    url_of,
)
from tests.tools_app.conftest import API_KEY
from tools_app.models import AgentTool, ToolSecret

NEW = "brand-new-key-5555"


def save(client: Client, row: AgentTool, **changes: Any) -> dict[str, Any]:
    """Save the tool's page; the secrets after it, in the clear."""
    answer = client.post(url_of(row), fields_of(row, **changes))
    assert answer.status_code == 302, errors_of(answer)
    return AgentTool.objects.get(pk=row.pk).sensitive_config.reveal()


def test_blank_box_keeps_the_secret(as_ed: Client, avas_weather: AgentTool) -> None:
    before = avas_weather.sensitive_config
    assert save(as_ed, avas_weather, secret__api_key="") == {"api_key": API_KEY}
    avas_weather.refresh_from_db()
    assert avas_weather.sensitive_config == before
    assert avas_weather.secrets_set_at is None


def test_new_secret_is_told_by_its_end_and_who_set_it(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    assert save(as_ed, avas_weather, secret__api_key=NEW) == {"api_key": NEW}
    text = page(as_ed, url_of(avas_weather))
    assert "Set: <strong>…5555</strong>. Leave it blank to keep it." in text
    assert f"Set on {now():%-d %B %Y}" in text and "by ed." in text
    assert NEW not in text and API_KEY not in text


def test_one_secret_is_set_beside_another(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    kept = save(as_ed, avas_weather, secret__account="acme-account")
    assert kept == {"api_key": API_KEY, "account": "acme-account"}


def test_ticked_secret_is_removed(as_ed: Client, avas_weather: AgentTool) -> None:
    assert save(as_ed, avas_weather, secrets_removed=["api_key"]) == {}
    assert "API key (needed)" in page(as_ed, url_of(avas_weather))


def test_organizations_secret_is_told_as_such(
    as_ed: Client, avas_weather: AgentTool, shared_key: ToolSecret
) -> None:
    save(as_ed, avas_weather, secrets_removed=["api_key"])
    text = page(as_ed, url_of(avas_weather))
    assert "From the organization: <strong>…9876</strong>." in text
    assert "(needed)" not in text and SHARED_KEY not in text


def test_another_organizations_secret_is_not_told(
    as_ed: Client, avas_weather: AgentTool, rival: Organization
) -> None:
    ToolSecret.objects.create(
        organization=rival,
        platform_tool=avas_weather.platform_tool,
        secrets={"account": "rival-account-4321"},
    )
    assert "4321" not in page(as_ed, url_of(avas_weather))


def test_page_with_an_error_sends_no_secret_back_and_says_so(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    fields = fields_of(avas_weather, secret__api_key=NEW, max_per_call=0)
    answer = as_ed.post(url_of(avas_weather), fields)
    assert NEW not in answer.text
    errors = errors_of(answer)
    assert list(errors) == ["max_per_call", "secret__api_key"]
    assert errors["secret__api_key"] == [AGAIN]


def test_wrong_secret_is_refused_without_being_repeated(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    tool = avas_weather.platform_tool
    tool.sensitive_schema["properties"]["api_key"]["pattern"] = "^key-"
    tool.save()
    fields = fields_of(avas_weather, secret__api_key=NEW)
    answer = as_ed.post(url_of(avas_weather), fields)
    assert list(errors_of(answer)) == ["secret__api_key"]
    assert NEW not in answer.text


def test_secret_of_several_lines_has_a_large_box(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    tool = avas_weather.platform_tool
    tool.sensitive_schema["properties"]["service_account"] = {"type": "object"}
    tool.save()
    text = page(as_ed, url_of(avas_weather))
    assert '<textarea name="secret__service_account"' in text
    kept = save(as_ed, avas_weather, secret__service_account='{"key": "deep-secret"}')
    assert kept["service_account"] == {"key": "deep-secret"}
    assert "deep-secret" not in page(as_ed, url_of(avas_weather))


def test_lost_key_is_said_and_can_be_mended_on_the_page(
    as_ed: Client, avas_weather: AgentTool, settings: Any
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "cannot be opened" in page(as_ed, url_of(avas_weather))
    assert save(as_ed, avas_weather, secret__api_key=NEW) == {"api_key": NEW}
    assert "cannot be opened" not in page(as_ed, url_of(avas_weather))


def test_history_names_fields_and_no_values(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    save(as_ed, avas_weather, secret__api_key=NEW)
    entry = LogEntry.objects.latest("action_time")
    assert "API key" in entry.change_message
    assert NEW not in entry.change_message


def test_user_who_is_named_as_markup_stays_text(
    as_ed: Client, ed: User, avas_weather: AgentTool
) -> None:
    User.objects.filter(pk=ed.pk).update(username="<b>ed</b>")
    save(as_ed, avas_weather, secret__api_key=NEW)
    assert "by &lt;b&gt;ed&lt;/b&gt;." in page(as_ed, url_of(avas_weather))


@pytest.mark.parametrize("field", ["secret__api_key", "secret__account"])
def test_box_of_a_secret_is_always_empty(
    as_ed: Client, avas_weather: AgentTool, field: str
) -> None:
    form = as_ed.get(url_of(avas_weather)).context["adminform"].form
    assert "value=" not in str(form[field])
    assert 'autocomplete="new-password"' in str(form[field])
