"""Who may tell us of calls: Twilio, for an account that we know."""

import random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from accounts.models import Organization
from telephony_app.models import Call, PhoneNumber, TwilioAccount
from tests.standins.twilio.rest import AUTH_TOKEN, NUMBER
from tests.telephony_app.posting import BASE, FORM, Post, about_a_call, post

__all__ = ["post"]
PATH = "/api/v1/voice/twilio/incoming"
NEXT_TOKEN = "d8" * 16


@pytest.fixture(autouse=True)
def _own(account: TwilioAccount) -> None:
    """The account that Twilio speaks for."""


def signed(url: str = BASE + PATH, form: Any = None, token: str = AUTH_TOKEN) -> str:
    """The header for a form that is sent to this address."""
    form = about_a_call() if form is None else form
    header: str = RequestValidator(token).compute_signature(url, form)
    return header


def knock(client: Client, header: str | None, body: Any = None, **how: Any) -> int:
    """Post the form with this header; the status."""
    body = urlencode(about_a_call()) if body is None else body
    headers = how.pop("headers", {})
    if header is not None:
        headers["X-Twilio-Signature"] = header
    path, kind = how.pop("path", PATH), how.pop("content_type", FORM)
    answer = client.post(path, body, kind, headers=headers, **how)
    if answer.status_code == 403:
        assert answer.content == b""
    return answer.status_code


@pytest.fixture(autouse=True)
def _base(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = BASE
    settings.SECURE_SSL_REDIRECT = False


def test_twilio_is_let_in(client: Client) -> None:
    assert knock(client, signed()) == 200


@pytest.mark.parametrize("header", [None, "", "nonsense", "é", "=" * 28])
def test_missing_or_garbled_signature_is_refused(
    client: Client, header: str | None
) -> None:
    assert knock(client, header) == 403


def test_other_token_is_refused(client: Client) -> None:
    assert knock(client, signed(token="f0" * 16)) == 403


def test_token_that_is_being_changed_to_is_let_in(
    client: Client, account: TwilioAccount
) -> None:
    account.secrets = {"auth_token": AUTH_TOKEN, "next_auth_token": NEXT_TOKEN}
    account.save()
    assert knock(client, signed(token=NEXT_TOKEN)) == 200
    assert knock(client, signed()) == 200


def test_account_without_a_token_is_refused(
    client: Client, account: TwilioAccount
) -> None:
    account.secrets = {}
    account.save()
    assert knock(client, signed(token="")) == 403


def test_address_is_the_public_one_whatever_the_headers_say(client: Client) -> None:
    lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    assert knock(client, signed(), headers=lies) == 200
    elsewhere = signed(f"https://evil.example{PATH}")
    assert knock(client, elsewhere, headers=lies) == 403
    testserver = signed(f"http://testserver{PATH}")
    assert knock(client, testserver) == 403


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://voice.example.com:443" + PATH, 200),
        ("http://voice.example.com" + PATH, 403),
        (BASE + PATH + "/", 403),
        (BASE + "/api/v1/voice/twilio/status", 403),
        (BASE + PATH + "?a=1", 403),
    ],
)
def test_signature_is_for_one_address(client: Client, url: str, status: int) -> None:
    assert knock(client, signed(url)) == status


def test_query_is_signed_as_it_was_sent(client: Client) -> None:
    path = f"{PATH}?who=a%20b&empty="
    assert knock(client, signed(BASE + path), path=path) == 200
    changed = f"{PATH}?who=a+b&empty="
    assert knock(client, signed(BASE + path), path=changed) == 403


def test_every_field_counts_also_blank_and_repeated_ones(client: Client) -> None:
    form = about_a_call()
    assert knock(client, signed(), urlencode(form | {"Extra": "1"})) == 403
    without_blank = {name: value for name, value in form.items() if value}
    assert knock(client, signed(), urlencode(without_blank)) == 403
    twice = urlencode([*form.items(), ("To", NUMBER)])
    assert knock(client, signed(), twice) == 200


def test_a_form_beside_a_body_hash_is_refused(client: Client) -> None:
    path = f"{PATH}?bodySHA256=" + "0" * 64
    for form in ({}, about_a_call()):
        assert knock(client, signed(BASE + path, form), path=path) == 403


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_only_forms_are_taken(client: Client, kind: str) -> None:
    assert knock(client, signed(), content_type=kind) == 403


def test_only_post_is_taken(client: Client) -> None:
    assert client.get(PATH).status_code == 405


@pytest.mark.parametrize(
    "changed",
    [
        {"AccountSid": "AC" + "1" * 32},
        {"AccountSid": "AC\0"},
        {"AccountSid": ""},
        {"CallSid": ""},
        {"CallSid": "CA1"},
        {"AccountSid": "AC" + "1" * 32, "To": "+1\0"},
    ],
)
def test_unknown_account_or_no_call_is_refused(
    client: Client, changed: dict[str, str]
) -> None:
    form = about_a_call() | changed
    assert knock(client, signed(form=form), urlencode(form)) == 403


def test_number_of_another_organization_is_not_spoken_for(
    client: Client, rival: Organization
) -> None:
    PhoneNumber.objects.create(organization=rival, number=NUMBER)
    assert knock(client, signed()) == 403
    theirs = TwilioAccount(organization=rival, account_sid="AC" + "2" * 32)
    theirs.secrets = {"auth_token": NEXT_TOKEN}
    theirs.save()
    assert knock(client, signed()) == 403
    form = about_a_call() | {"AccountSid": theirs.account_sid}
    assert knock(client, signed(form=form, token=NEXT_TOKEN), urlencode(form)) == 200


def test_account_that_the_number_is_not_of_is_refused(
    client: Client, number: PhoneNumber
) -> None:
    form = about_a_call() | {"AccountSid": "AC" + "2" * 32}
    assert knock(client, signed(form=form), urlencode(form)) == 403


def test_garbage_is_refused_before_the_database_is_asked(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert knock(client, None) == 403
        assert knock(client, signed(), b"\xff\xfe=%zz&&&", headers={}) == 403
        assert knock(client, "x", urlencode({"AccountSid": "AC1"})) == 403


def test_forged_requests_are_refused_and_true_ones_are_not(client: Client) -> None:
    chance = random.Random(5)  # noqa: S311  nothing secret
    good = signed()
    for _ in range(300):
        place = chance.randrange(len(good))
        letter = chance.choice("ABCDEFGHabcdefgh0123456789+/")
        forged = good[:place] + letter + good[place + 1 :]
        assert knock(client, forged) == (200 if forged == good else 403)
    assert Call.objects.count() <= 1


@pytest.mark.parametrize(
    "name", ["incoming", "fallback", "status", "dial-done", "forward-done", "refer"]
)
def test_every_webhook_is_guarded(client: Client, post: Post, name: str) -> None:
    path = f"/api/v1/voice/twilio/{name}"
    assert knock(client, "forged", path=path) == 403
    assert post(name).status == 200
    assert post(name, token="f0" * 16).status == 403
