"""Organizations and their members in the admin."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organization, Role, User

USERS = reverse("admin:accounts_user_changelist")


def page_of(organization: Organization) -> str:
    """The organization's page."""
    return reverse("admin:accounts_organization_change", args=[organization.pk])


def add_member(client: Client, organization: Organization, login: str) -> Any:
    """Save the organization's page with one more member, named by what was typed."""
    members = list(organization.memberships.all())
    data = {
        "name": organization.name,
        "memberships-TOTAL_FORMS": len(members) + 1,
        "memberships-INITIAL_FORMS": len(members),
        f"memberships-{len(members)}-user": login,
        f"memberships-{len(members)}-role": "viewer",
        f"memberships-{len(members)}-organization": organization.pk,
    }
    for n, member in enumerate(members):
        data[f"memberships-{n}-id"] = member.pk
        data[f"memberships-{n}-organization"] = organization.pk
        data[f"memberships-{n}-role"] = member.role
    return client.post(page_of(organization), data)


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    """A browser in which Acme's admin is signed in."""
    client.force_login(alice)
    return client


@pytest.fixture
def newcomer(db: None) -> User:
    """A person with an account and no organization."""
    return User.objects.create_user("nina", email="Nina@example.org", is_staff=True)


@pytest.mark.parametrize("login", ["nina", "NINA", "nina@example.org"])
def test_admin_adds_a_member_by_username_or_email(
    as_alice: Client, acme: Organization, newcomer: User, login: str
) -> None:
    assert add_member(as_alice, acme, login).status_code == 302
    assert newcomer.memberships.get().role == Role.VIEWER


def test_unknown_person_is_named_with_the_mend(
    as_alice: Client, acme: Organization
) -> None:
    answer = add_member(as_alice, acme, "nobody")
    assert "Nobody signs in as “nobody”. Check the spelling" in answer.text


def test_shared_email_asks_for_the_username(
    as_alice: Client, acme: Organization, newcomer: User
) -> None:
    User.objects.create_user("nina2", email="nina@example.org")
    answer = add_member(as_alice, acme, "nina@example.org")
    assert "Write the username" in answer.text


def test_second_membership_of_a_person_is_refused_in_words(
    as_alice: Client, acme: Organization, ed: User
) -> None:
    answer = add_member(as_alice, acme, "ed")
    assert "Please correct the duplicate data for user" in answer.text
    assert acme.memberships.filter(user=ed).count() == 1


def test_existing_member_cannot_be_turned_into_somebody_else(
    as_alice: Client, acme: Organization, alice: User, mallory: User
) -> None:
    member = acme.memberships.get()
    as_alice.post(
        page_of(acme),
        {
            "name": "Acme",
            "memberships-TOTAL_FORMS": 1,
            "memberships-INITIAL_FORMS": 1,
            "memberships-0-id": member.pk,
            "memberships-0-organization": acme.pk,
            "memberships-0-user": "mallory",
            "memberships-0-role": "admin",
        },
    )
    assert Membership.objects.get(pk=member.pk).user == alice


def test_members_page_names_nobody_of_another_organization(
    as_alice: Client, acme: Organization, mallory: User
) -> None:
    assert "mallory" not in as_alice.get(page_of(acme)).text
    assert as_alice.get(USERS).status_code == 403


def test_user_autocomplete_is_closed_to_organization_admins(
    as_alice: Client, mallory: User
) -> None:
    answer = as_alice.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "accounts",
            "model_name": "membership",
            "field_name": "user",
            "term": "mal",
        },
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["ed", "vic"])
def test_only_admins_manage_members(
    client: Client, acme: Organization, newcomer: User, name: str, request: Any
) -> None:
    client.force_login(request.getfixturevalue(name))
    assert add_member(client, acme, "nina").status_code == 403
    page = client.get(page_of(acme))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text


def test_admin_of_one_organization_does_not_see_or_change_another(
    as_alice: Client, rival: Organization, newcomer: User
) -> None:
    assert as_alice.get(page_of(rival)).status_code == 302
    assert add_member(as_alice, rival, "nina").status_code in {302, 403}
    assert not newcomer.memberships.exists()
    changelist = reverse("admin:accounts_organization_changelist")
    assert "Rival" not in as_alice.get(changelist).text


def test_organizations_are_made_and_deleted_by_superusers_only(
    as_alice: Client, acme: Organization
) -> None:
    delete = reverse("admin:accounts_organization_delete", args=[acme.pk])
    assert as_alice.get(reverse("admin:accounts_organization_add")).status_code == 403
    assert as_alice.post(delete, {"post": "yes"}).status_code == 403


def test_superuser_makes_a_staff_account(admin_client: Client) -> None:
    admin_client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "zoe",
            "email": "zoe@example.org",
            "is_staff": "on",
            "password1": "a-long-enough-one",
            "password2": "a-long-enough-one",
        },
    )
    assert User.objects.get(username="zoe").is_staff


def test_list_of_organizations_counts_all_members(
    as_alice: Client, ed: User, vic: User
) -> None:
    page = as_alice.get(reverse("admin:accounts_organization_changelist"))
    assert page.context["cl"].result_list[0].member_count == 3
