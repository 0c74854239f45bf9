"""*Add numbers*: those of the Twilio account that are not here yet."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, Organization, Role, User
from agents_app.models import Agent
from telephony_app.models import PhoneNumber, TwilioAccount
from tests.standins.twilio.rest import NUMBER, Twilio, twilio_error
from tests.telephony_app.pages import ADMIN, page, url_of

ADD = reverse(f"{ADMIN}phonenumber_add")
OTHERS = "https://old.example/voice"


@pytest.fixture
def ready(twilio: Twilio, account: TwilioAccount, public: str) -> None:
    """Acme's account with one number, which nobody added yet."""


def add(client: Client, agent: Agent | None = None, **changes: Any) -> Any:
    """Tick the account's number, choose who answers, send the form."""
    sent = {"numbers": [NUMBER], "agent": agent.pk if agent else ""} | changes
    return client.post(ADD, sent)


def test_number_is_added_and_bound_in_one_form(
    as_ed: Client,
    ready: None,
    no_livekit: None,
    twilio: Twilio,
    agent: Agent,
    at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = add(as_ed, agent)
    number = PhoneNumber.objects.get(number=NUMBER)
    assert (number.agent, number.organization) == (agent, agent.organization)
    assert "/incoming" in twilio.number(NUMBER)["voice_url"]
    assert number.twilio_sid == twilio.number(NUMBER)["sid"]
    assert number.checked_at
    assert f"/phonenumber/{number.pk}/change/?since=" in answer.headers["Location"]


def test_agent_s_own_page_leads_here_with_the_agent_chosen(
    as_ed: Client, ready: None, agent: Agent
) -> None:
    assert f"{ADD}?agent={agent.pk}" in page(as_ed, url_of(agent))
    text = page(as_ed, f"{ADD}?agent={agent.pk}")
    assert "Tick the numbers that Ava is to answer." in text
    assert f'<option value="{agent.pk}" selected' in text


def test_several_numbers_are_added_at_once(
    as_ed: Client, ready: None, twilio: Twilio, agent: Agent
) -> None:
    twilio.own("+15550002222")
    answer = add(as_ed, agent, numbers=[NUMBER, "+15550002222"])
    assert PhoneNumber.objects.filter(agent=agent).count() == 2
    assert answer.headers["Location"] == reverse(f"{ADMIN}phonenumber_changelist")


def test_nothing_ticked_is_said(as_ed: Client, ready: None) -> None:
    assert "Tick at least one number." in add(as_ed, numbers=[]).text


def test_number_that_is_here_is_no_choice(
    as_ed: Client, ready: None, agent: Agent, number: PhoneNumber
) -> None:
    assert "Ava answers" in page(as_ed, ADD)
    assert "Every number of the account is here" in add(as_ed, agent).text


def test_number_that_nobody_answers_gets_its_agent(
    as_ed: Client, ready: None, agent: Agent, acme: Organization
) -> None:
    idle = PhoneNumber.objects.create(organization=acme, number=NUMBER, label="Desk")
    assert "Here, nobody answers" in page(as_ed, ADD)
    add(as_ed, agent)
    idle.refresh_from_db()
    assert (idle.agent, idle.label) == (agent, "Desk")


@pytest.mark.parametrize("is_answered", [True, False])
def test_number_of_another_organization_is_said_and_not_taken(
    as_ed: Client, ready: None, agent: Agent, rival: Organization, is_answered: bool
) -> None:
    spy = Agent.objects.create(organization=rival, name="Spy") if is_answered else None
    theirs = PhoneNumber.objects.create(organization=rival, number=NUMBER, agent=spy)
    text = page(as_ed, ADD)
    assert "Belongs to another organization on this server" in text
    assert "Spy" not in text and "Rival" not in text
    add(as_ed, agent)
    theirs.refresh_from_db()
    assert theirs.organization == rival


def test_number_for_messages_alone_is_no_choice(
    as_ed: Client, ready: None, twilio: Twilio
) -> None:
    twilio.number(NUMBER)["capabilities"]["voice"] = False
    assert "Text messages only" in page(as_ed, ADD)
    add(as_ed)
    assert not PhoneNumber.objects.exists()


@pytest.mark.parametrize(
    ("tick", "url"), [({}, OTHERS), ({"take_over": "on"}, "https://voice.example.com")]
)
def test_number_that_others_answer_is_taken_over_only_when_told(
    as_ed: Client,
    ready: None,
    no_livekit: None,
    twilio: Twilio,
    at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    tick: dict[str, str],
    url: str,
) -> None:
    twilio.number(NUMBER).update(voice_url=f"{OTHERS}?token=s3cret")
    text = page(as_ed, ADD)
    assert f"Calls go to {OTHERS} now" in text and "s3cret" not in text
    with django_capture_on_commit_callbacks(execute=True):
        add(as_ed, **tick)
    assert twilio.number(NUMBER)["voice_url"].startswith(url)


def test_agent_of_another_organization_is_refused(
    as_ed: Client, ready: None, rival: Organization
) -> None:
    spy = Agent.objects.create(organization=rival, name="Spy")
    assert add(as_ed, spy).status_code == 200
    assert not PhoneNumber.objects.exists()
    assert as_ed.get(f"{ADD}?agent={spy.pk}").status_code == 404


def test_who_works_in_several_organizations_says_for_which(
    client: Client, ed: User, ready: None, acme: Organization, rival: Organization
) -> None:
    Membership.objects.create(user=ed, organization=rival, role=Role.EDITOR)
    client.force_login(ed)
    assert f"?organization={acme.pk}" in page(client, ADD)
    assert "+49 30 900900" in page(client, f"{ADD}?organization={acme.pk}")
    assert "has no Twilio account" in page(client, f"{ADD}?organization={rival.pk}")


def test_organization_without_account_leads_to_it(
    as_alice: Client, acme: Organization
) -> None:
    assert f"{reverse(f'{ADMIN}twilioaccount_add')}?organization={acme.pk}" in page(
        as_alice, ADD
    )


def test_what_twilio_refuses_is_said_with_the_way_on(
    as_ed: Client, ready: None, twilio: Twilio
) -> None:
    twilio.fail(twilio_error(401, 20003, "Authenticate"))
    text = page(as_ed, ADD)
    assert "does not accept the Account SID" in text and "?by=hand" in text


def test_viewer_adds_nothing(as_vic: Client, ready: None) -> None:
    assert as_vic.get(ADD).status_code == 403
    assert add(as_vic).status_code == 403
