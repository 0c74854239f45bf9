"""Twilio accounts in the admin: entered, checked, set up for calling out."""

from html import unescape
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.urls import reverse
from pytest_django import (
    DjangoAssertNumQueries,
    DjangoCaptureOnCommitCallbacks,
    Settings,
)

from accounts.models import Membership, Organization, Role, User
from sealed.forms import AGAIN
from telephony_app.models import PhoneNumber, TwilioAccount
from tests.standins.twilio.rest import ACCOUNT_SID, AUTH_TOKEN, Twilio
from tests.telephony_app.pages import ADMIN, errors_of, page, url_of

LIST = reverse(f"{ADMIN}twilioaccount_changelist")
ADD = reverse(f"{ADMIN}twilioaccount_add")
NEW = "brand-new-token-5555"


def fields(**changes: Any) -> dict[str, Any]:
    """What the browser sends from an account's form."""
    return {"account_sid": ACCOUNT_SID} | changes


def test_account_is_entered_sealed_and_checked(
    as_alice: Client,
    twilio: Twilio,
    acme: Organization,
    at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_alice.post(ADD, fields(auth_token=AUTH_TOKEN), follow=True)
    account = TwilioAccount.objects.get(organization=acme)
    assert account.secrets.reveal() == {"auth_token": AUTH_TOKEN}
    assert "The Twilio account is in order: Salon." in page(as_alice, url_of(account))
    assert AUTH_TOKEN not in answer.text


def test_token_is_needed_at_first(as_alice: Client) -> None:
    assert "auth_token" in errors_of(as_alice.post(ADD, fields()))


def test_sid_that_is_none_is_refused_in_words(as_alice: Client) -> None:
    answer = as_alice.post(ADD, fields(account_sid="12", auth_token=NEW))
    assert "AC and 32 digits" in str(errors_of(answer))
    assert NEW not in answer.text


def test_blank_box_keeps_the_token(as_alice: Client, account: TwilioAccount) -> None:
    as_alice.post(url_of(account), fields(next_auth_token=NEW))
    account.refresh_from_db()
    both = {"auth_token": AUTH_TOKEN, "next_auth_token": NEW}
    assert account.secrets.reveal() == both


def test_page_shows_the_end_of_a_token_alone(
    as_alice: Client, account: TwilioAccount
) -> None:
    text = page(as_alice, url_of(account))
    assert "Kept: …c7c7." in text and AUTH_TOKEN not in text


def test_lost_key_is_said_and_mended_by_entering_anew(
    as_alice: Client, account: TwilioAccount, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "its key is lost. Enter it anew." in page(as_alice, url_of(account))
    as_alice.post(url_of(account), fields(auth_token=NEW))
    account.refresh_from_db()
    assert account.secrets.reveal() == {"auth_token": NEW}


def test_second_account_of_an_organization_is_refused(
    as_alice: Client, account: TwilioAccount
) -> None:
    answer = as_alice.post(ADD, fields(account_sid=f"AC{'1' * 32}", auth_token=NEW))
    assert "has its Twilio account" in answer.text
    assert TwilioAccount.objects.count() == 1


def test_account_that_another_organization_entered_is_refused_without_its_name(
    as_alice: Client, rival: Organization
) -> None:
    TwilioAccount.objects.create(organization=rival, account_sid=ACCOUNT_SID)
    answer = as_alice.post(ADD, fields(auth_token=NEW))
    assert "perhaps in another organization" in str(errors_of(answer))
    assert errors_of(answer)["auth_token"] == [AGAIN]
    assert "Rival" not in answer.text


def test_calling_out_is_set_up_by_a_button(
    as_alice: Client,
    twilio: Twilio,
    account: TwilioAccount,
    at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(url_of(account, "do", "line"))
    account.refresh_from_db()
    text = page(as_alice, url_of(account))
    assert account.termination_host in text
    assert account.secrets.reveal()["sip_password"] not in text


def test_form_is_shown_anew_once_a_task_wrote_into_it(
    as_alice: Client, account: TwilioAccount
) -> None:
    part = as_alice.get(url_of(account, "standing"))
    assert part.headers["HX-Refresh"] == "true"
    waiting = as_alice.post(url_of(account, "do", "line")).headers["Location"]
    query = waiting.partition("?")[2]
    part = as_alice.get(f"{url_of(account, 'standing')}?{query}")
    assert "HX-Refresh" not in part.headers


@pytest.mark.parametrize("view", ["change", "standing"])
def test_editor_sees_that_it_is_there_and_no_more(
    as_ed: Client, account: TwilioAccount, view: str
) -> None:
    assert ACCOUNT_SID in page(as_ed, LIST)
    assert as_ed.get(url_of(account, view)).status_code in {302, 403, 404}
    assert as_ed.get(ADD).status_code == 403
    assert as_ed.post(url_of(account, "do", "line")).status_code in {403, 404}


def test_list_costs_the_same_queries_however_long(
    client: Client,
    alice: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(20):
        place = Organization.objects.create(name=f"O{n}")
        Membership.objects.create(user=alice, organization=place, role=Role.ADMIN)
        sid = f"AC{n:032x}"
        TwilioAccount.objects.create(organization=place, account_sid=sid)
        PhoneNumber.objects.create(organization=place, number=f"+155500022{n:02}")
    client.force_login(alice)
    with django_assert_max_num_queries(8):
        page(client, LIST)


def test_empty_list_says_where_an_account_comes_from(as_alice: Client) -> None:
    text = page(as_alice, LIST)
    assert "No Twilio account yet" in text and ADD in text


def test_empty_list_tells_editors_whom_to_ask(as_ed: Client) -> None:
    assert "Ask an admin of your organization" in page(as_ed, LIST)


def test_account_whose_numbers_still_ask_us_is_not_deleted(
    as_alice: Client, number: PhoneNumber, account: TwilioAccount
) -> None:
    answer = as_alice.post(url_of(account, "delete"), {"post": "yes"})
    assert answer.status_code == 200
    assert f"{number.pretty}: Twilio asks here" in answer.text
    assert "delete or release it first" in answer.text
    assert TwilioAccount.objects.exists()


def test_account_without_numbers_is_deleted(
    as_alice: Client, account: TwilioAccount
) -> None:
    as_alice.post(url_of(account, "delete"), {"post": "yes"})
    assert not TwilioAccount.objects.exists()


@pytest.mark.parametrize("in_bulk", [True, False])
def test_organization_goes_after_its_numbers(
    admin_client: Client, number: PhoneNumber, in_bulk: bool
) -> None:
    place, data = number.organization, {"post": "yes"}
    url = url_of(place, "delete")
    if in_bulk:
        url = reverse("admin:accounts_organization_changelist")
        data |= {"action": "delete_selected", "_selected_action": str(place.pk)}
    answer = admin_client.post(url, data)
    assert answer.status_code == 200
    assert f"Phone number: {number}" in unescape(answer.text)
    assert Organization.objects.filter(pk=place.pk).exists()
    number.delete()
    admin_client.post(url, data)
    assert not Organization.objects.filter(pk=place.pk).exists()
