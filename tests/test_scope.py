"""No page of the admin tells a stranger about another organization's rows.

Every registered page is tried, so that a new one cannot be forgotten.
"""

from operator import attrgetter
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.admin_scope import ScopedAdmin
from accounts.models import Organization, User
from agents_app.models import Agent
from telephony_app.models import Call, CallingPolicy, PhoneNumber, TwilioAccount
from tests.agents_app.test_voice_sample import KORE, SAMPLE
from tests.telephony_app.conftest import call_of, turn_of
from tools_app.models import AgentTool, Kind, PlatformTool, ToolCall, ToolSecret

SECRET = "Acmes-Secret-Agent"
PAGES: list[Any] = list(admin.site._registry.values())
OWNED = {
    *(Agent, Call, Organization, User),
    *(PhoneNumber, TwilioAccount, CallingPolicy),
    *(PlatformTool, AgentTool, ToolSecret, ToolCall),
}
"""The models whose pages show an organization's rows or people."""


def named(page: Any, name: str, *args: Any) -> str:
    """A page of the model's admin, empty where it has none."""
    try:
        return reverse(
            f"admin:{page.opts.app_label}_{page.opts.model_name}_{name}", args=args
        )
    except NoReverseMatch:
        return ""


def tool_rows_of(call: Call) -> dict[type[Model], Model]:
    """A tool of the call's organization, in its agent's hands, called once."""
    place = call.organization
    tool = PlatformTool.objects.create(
        organization=place, key=SECRET, name=SECRET, kind=Kind.HTTP, description=SECRET
    )
    tool.functions.create(name=SECRET, description=SECRET)
    given = AgentTool.objects.create(
        agent=call.agent, platform_tool=tool, name=SECRET, config={SECRET: SECRET}
    )
    shared = ToolSecret.objects.create(organization=place, platform_tool=tool)
    done = ToolCall.objects.create(
        call=call,
        agent_tool=given,
        key="1",
        function=SECRET,
        result=SECRET,
        started_at=call.created_at,
    )
    return {PlatformTool: tool, AgentTool: given, ToolSecret: shared, ToolCall: done}


def telephone_of(call: Call) -> dict[type[Model], Model]:
    """A number that the call's agent answers, an account, a policy."""
    place = call.organization
    number = PhoneNumber.objects.create(
        organization=place, number="+15550002222", label=SECRET, agent=call.agent
    )
    account = TwilioAccount.objects.create(
        organization=place, account_sid=f"AC{'0' * 32}", termination_host=SECRET
    )
    policy = CallingPolicy.objects.create(organization=place)
    return {PhoneNumber: number, TwilioAccount: account, CallingPolicy: policy}


@pytest.fixture
def secret(acme: Organization, alice: User) -> dict[type[Model], Model]:
    """A row of Acme's for each page, all of which name the secret."""
    agent = Agent.objects.create(organization=acme, name=SECRET, description=SECRET)
    agent.publish(by=alice)
    call = call_of(agent)
    turn_of(call, "caller", SECRET, spoken_from=call.created_at)
    acme.name = f"{SECRET} Ltd"
    acme.save()
    rows = {Agent: agent, Call: call, Organization: acme, User: alice}
    return rows | tool_rows_of(call) | telephone_of(call)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.opts.label)
def test_stranger_finds_nothing_in_lists_and_choices(
    client: Client, mallory: User, secret: Any, page: Any
) -> None:
    client.force_login(mallory)
    for name, query in [
        ("changelist", {}),
        ("changelist", {"q": SECRET[:9]}),
        ("add", {}),
    ]:
        answer = client.get(named(page, name), query)
        assert answer.status_code in {200, 302, 403}
        assert SECRET not in answer.text


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.model in OWNED], ids=lambda page: page.opts.label
)
def test_stranger_finds_no_page_of_a_row(
    client: Client, mallory: User, secret: dict[type[Model], Model], page: Any
) -> None:
    client.force_login(mallory)
    row = secret[page.model]
    for name in ("change", "history", "delete"):
        url = named(page, name, row.pk)
        for answer in (client.get(url), client.post(url, {"post": "yes"})):
            assert answer.status_code in {302, 403, 404}
            assert SECRET not in answer.text
    assert page.model._default_manager.filter(pk=row.pk).exists()


def test_every_page_with_an_organization_is_tried() -> None:
    scoped = {page.model for page in PAGES if isinstance(page, ScopedAdmin)}
    assert scoped <= OWNED


@pytest.mark.parametrize(
    ("model", "url"),
    [
        (PhoneNumber, "phonenumber_do|check"),
        (PhoneNumber, "phonenumber_do|take-over"),
        (PhoneNumber, "phonenumber_standing"),
        (PhoneNumber, "phonenumber_release"),
        (TwilioAccount, "twilioaccount_do|line"),
        (TwilioAccount, "twilioaccount_standing"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_presses_no_button_of_a_telephone(
    client: Client,
    mallory: User,
    secret: Any,
    model: type[Model],
    url: str,
    method: str,
) -> None:
    name, *args = url.split("|")
    client.force_login(mallory)
    page = reverse(f"admin:telephony_app_{name}", args=[secret[model].pk, *args])
    answer = getattr(client, method)(page)
    assert answer.status_code in {404, 405}
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    "url",
    [
        "admin:agents_app_agent_do|publish",
        "admin:agents_app_agent_do|duplicate",
        "admin:agents_app_agent_restore|1",
        "admin:talk",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_presses_no_button_of_an_agent(
    client: Client, mallory: User, secret: Any, url: str, method: str
) -> None:
    name, *args = url.split("|")
    client.force_login(mallory)
    answer = getattr(client, method)(reverse(name, args=[secret[Agent].pk, *args]))
    assert answer.status_code in {404, 405}
    assert SECRET not in answer.text


def test_stranger_completes_no_name(client: Client, mallory: User, secret: Any) -> None:
    client.force_login(mallory)
    fields = [f for model in apps.get_models() for f in model._meta.fields]
    for field in filter(attrgetter("remote_field"), fields):
        query = {
            "app_label": field.model._meta.app_label,
            "model_name": field.model._meta.model_name,
            "field_name": field.name,
            "term": "",
        }
        answer = client.get(reverse("admin:autocomplete"), query)
        assert SECRET not in answer.text and "alice" not in answer.text


def test_stranger_hears_samples_of_voices_only(
    client: Client, mallory: User, secret: Any
) -> None:
    client.force_login(mallory)
    assert client.get(SAMPLE, KORE).status_code == 202
