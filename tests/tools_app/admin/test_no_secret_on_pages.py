"""No page of the admin tells a secret, whoever asks and whatever went wrong.

Every registered page is walked, so that a new one cannot be forgotten.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from agents_app.models import Agent
from tests.tools_app.admin.conftest import SHARED_KEY, fields_of, url_of
from tests.tools_app.conftest import API_KEY
from tools_app.models import AgentTool, ToolSecret, ToolTrial

TYPED = "typed-just-now-2468"
ASKED = "asked-in-a-test-1357"
PLANTED = [API_KEY, SHARED_KEY, TYPED, ASKED]


@pytest.fixture
def planted(avas_weather: AgentTool, shared_key: ToolSecret, agent: Agent) -> AgentTool:
    """Ava's tool, with a secret of its own, its organization's and a test's."""
    ToolTrial.objects.create(
        agent_tool=avas_weather, function="subscribe", arguments={"pin": ASKED}
    )
    return avas_weather


def urls_of(page: Any) -> Iterator[str]:
    """The list, the form of a new row, and every page of every row."""
    for view in ("changelist", "add"):
        yield named(page, view)
    for row in page.model._default_manager.all()[:20]:
        for view in ("change", "history", "delete", "test", "edit", "standing"):
            yield named(page, view, row.pk)


def named(page: Any, view: str, *args: Any) -> str:
    """A page of the model's admin, empty where it has none."""
    name = f"admin:{page.opts.app_label}_{page.opts.model_name}_{view}"
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@pytest.mark.parametrize(
    "page", list(admin.site._registry.values()), ids=lambda page: page.opts.label
)
@pytest.mark.parametrize("person", ["admin_user", "alice", "vic"])
def test_page_tells_no_secret(
    client: Client,
    request: pytest.FixtureRequest,
    planted: AgentTool,
    page: Any,
    person: str,
) -> None:
    client.force_login(request.getfixturevalue(person))
    for url in filter(None, urls_of(page)):
        text = client.get(url, follow=True).text
        assert [secret for secret in PLANTED if secret in text] == [], url


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"config__units": "x"}, {"functions": []}]
)
def test_form_that_is_refused_tells_none(
    admin_client: Client, planted: AgentTool, wrong: dict[str, Any]
) -> None:
    fields = fields_of(planted, secret__api_key=TYPED, **wrong)
    text = admin_client.post(url_of(planted), fields).text
    assert "_save" in text
    assert [secret for secret in PLANTED if secret in text] == []


def test_error_page_tells_none(
    admin_client: Client, planted: AgentTool, settings: Any
) -> None:
    settings.DEBUG = True
    admin_client.raise_request_exception = False
    settings.FIELD_ENCRYPTION_KEYS = ["no key"]
    answer = admin_client.post(
        url_of(planted), fields_of(planted, secret__api_key=TYPED)
    )
    assert answer.status_code == 500
    assert [secret for secret in PLANTED if secret in answer.text] == []
