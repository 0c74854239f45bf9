"""*New from template*: what it makes, and what the agent's page says next."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, Organization, Role, User
from agents_app.models import Agent
from tests.tools_app.admin.conftest import page
from tools_app.agent_templates import agent_templates
from tools_app.models import PlatformTool

URL = reverse("admin:agent_from_template")
AGENTS = reverse("admin:agents_app_agent_changelist")


def sent(**changes: Any) -> dict[str, Any]:
    """What the browser sends for a support agent."""
    return {"template": "support", "name": "Nora", "business": "Bluebird"} | changes


@pytest.fixture
def end_call(db: None) -> PlatformTool:
    """The tool that hangs up, which every template wants."""
    known = PlatformTool.objects.filter(key="end_call").first()
    return known or PlatformTool.objects.create(key="end_call", name="End call")


def test_list_of_agents_leads_here(as_ed: Client, agent: Agent) -> None:
    assert URL in page(as_ed, AGENTS)


def test_empty_list_leads_here_too(as_ed: Client) -> None:
    assert "Start from a template" in page(as_ed, AGENTS)


def test_page_offers_every_template_with_its_tools(
    as_ed: Client, end_call: PlatformTool
) -> None:
    PlatformTool.objects.exclude(pk=end_call.pk).delete()
    text = page(as_ed, URL)
    for key, template in agent_templates().items():
        assert f'value="{key}"' in text and template.name in text
    assert "not installed here" in text


def test_agent_is_made_as_a_draft_and_told_what_comes_next(
    as_ed: Client, acme: Organization, end_call: PlatformTool
) -> None:
    fields = sent(organization=acme.pk)
    text = as_ed.post(URL, fields, follow=True).text
    nora = Agent.objects.get(name="Nora")
    assert nora.organization == acme and nora.published_version is None
    assert "Nobody can call it until you publish it." in text
    assert "The prompt has 2 places to fill in" in text
    assert ">End call</a>" in text or f">{end_call.name}</a>" in text


def test_its_tools_are_looked_at(
    as_ed: Client,
    acme: Organization,
    end_call: PlatformTool,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as looks:
        as_ed.post(URL, sent(organization=acme.pk))
    assert len(looks) == 1


def test_name_that_is_taken_is_refused_at_the_name(
    as_ed: Client, acme: Organization, agent: Agent
) -> None:
    answer = as_ed.post(URL, sent(name=agent.name, organization=acme.pk))
    assert "choose another name" in str(answer.context["form"].errors["name"])
    assert 'value="Bluebird"' in answer.text


@pytest.mark.parametrize("field", ["template", "name", "business", "organization"])
def test_what_is_missing_is_an_error_at_its_field(
    as_ed: Client, acme: Organization, field: str
) -> None:
    fields = {k: v for k, v in sent(organization=acme.pk).items() if k != field}
    assert list(as_ed.post(URL, fields).context["form"].errors) == [field]


def test_organization_is_asked_of_people_with_several(
    as_ed: Client, ed: User, rival: Organization
) -> None:
    assert "Organization" not in page(as_ed, URL).split("<form")[-1]
    Organization.objects.create(name="Stranger")
    Membership.objects.create(user=ed, organization=rival, role=Role.EDITOR)
    ed.__dict__.pop("only_organization", None)
    text = page(as_ed, URL)
    assert "Rival</option>" in text and "Stranger" not in text


def test_agent_is_not_made_where_one_only_views(
    as_ed: Client, ed: User, rival: Organization
) -> None:
    Membership.objects.create(user=ed, organization=rival, role=Role.VIEWER)
    answer = as_ed.post(URL, sent(organization=rival.pk))
    assert list(answer.context["form"].errors) == ["organization"]
    assert not Agent.objects.exists()


def test_viewer_makes_no_agents(as_vic: Client, acme: Organization) -> None:
    assert as_vic.get(URL).status_code == 403
    assert as_vic.post(URL, sent(organization=acme.pk)).status_code == 403
    assert URL not in page(as_vic, AGENTS)


def test_another_organizations_tool_is_not_named(
    as_ed: Client, rival: Organization
) -> None:
    PlatformTool.objects.filter(key="transfer_call").delete()
    PlatformTool.objects.create(
        organization=rival, key="transfer_call", name="Rivals-Own"
    )
    assert "Rivals-Own" not in page(as_ed, URL)
