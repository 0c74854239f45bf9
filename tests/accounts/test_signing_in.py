"""Signing in to the admin."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User

SIGN_IN = reverse("admin:login")
RIGHT, WRONG = "correct-horse-7", "wrong-horse-8"


@pytest.fixture(autouse=True)
def _nobody_tried() -> Iterator[None]:
    """No attempts are counted before or after."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def zoe(acme: Organization) -> User:
    """Somebody with a password."""
    zoe = User.objects.create_user("zoe", password=RIGHT, is_staff=True)
    acme.memberships.create(user=zoe)
    return zoe


def sign_in(
    client: Client, password: str, *, name: str = "zoe", host: str = "testserver"
) -> str:
    """Fill the form in; where it leads, or what it says."""
    form = {"username": name, "password": password}
    answer = client.post(SIGN_IN, form, headers={"host": host})
    return answer.headers.get("Location") or answer.content.decode()


def test_right_password_leads_into_the_admin(client: Client, zoe: User) -> None:
    assert sign_in(client, RIGHT) == reverse("admin:index")


def test_wrong_password_is_told_so(client: Client, zoe: User) -> None:
    assert "Please enter the correct username and password" in sign_in(client, WRONG)


def test_who_is_no_staff_is_told_so(client: Client, zoe: User) -> None:
    User.objects.update(is_staff=False)
    assert "for a staff account" in sign_in(client, RIGHT)


def test_passwords_cannot_be_tried_for_ever(client: Client, zoe: User) -> None:
    for _ in range(5):
        sign_in(client, WRONG)
    assert "Try again in five minutes." in sign_in(client, RIGHT)


def test_attempts_count_whatever_host_the_visitor_writes(
    client: Client, zoe: User, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    for port in range(5):
        sign_in(client, WRONG, host=f"testserver:{port}")
    assert "Too many failed login attempts" in sign_in(client, RIGHT, host="TESTSERVER")


def test_who_signs_in_often_is_not_kept_out(client: Client, zoe: User) -> None:
    for _ in range(12):
        assert sign_in(client, RIGHT) == reverse("admin:index")
        client.logout()


def test_another_person_may_still_sign_in(client: Client, zoe: User) -> None:
    for _ in range(6):
        sign_in(client, WRONG, name="somebody")
    assert sign_in(client, RIGHT) == reverse("admin:index")


def test_forgotten_password_is_told_the_mend(client: Client) -> None:
    forgotten = reverse("admin_password_reset")
    assert forgotten in client.get(SIGN_IN).content.decode()
    assert "manage.py changepassword" in client.get(forgotten).content.decode()


@pytest.mark.parametrize("page", ["email", "signup", "login", "password/reset"])
def test_nobody_makes_an_account_or_takes_an_address_unproven(
    client: Client, zoe: User, page: str
) -> None:
    client.force_login(zoe)
    taken = {"action_add": "1", "email": "anna@acme.example"}
    assert client.post(f"/accounts/{page}/", taken).status_code == 404
