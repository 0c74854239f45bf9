"""*Buy a number*: search, see the price, confirm."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from agents_app.models import Agent
from telephony_app.models import PhoneNumber, TwilioAccount
from tests.standins.twilio.rest import Twilio, twilio_error
from tests.telephony_app.pages import ADMIN, page, url_of

FREE = "+15550003333"
BUY = reverse(f"{ADMIN}phonenumber_buy")
US = "country=US&kind=local"
ONE = reverse(f"{ADMIN}phonenumber_buy_one", args=[FREE]) + f"?{US}"


@pytest.fixture
def shop(twilio: Twilio, account: TwilioAccount, public: str) -> Twilio:
    """Twilio, where Acme has an account."""
    return twilio


def test_search_shows_numbers_with_their_price(as_alice: Client, shop: Twilio) -> None:
    text = page(as_alice, f"{BUY}?{US}")
    assert "+1 555-000-3333" in text and "Springfield, IL" in text
    assert "1.15 USD a month each" in text
    assert not shop.bought


def test_search_is_by_country_kind_and_digits(as_alice: Client, shop: Twilio) -> None:
    shop.for_sale.append("+4930111111")
    text = page(as_alice, f"{BUY}?country=DE&kind=local&digits=111")
    assert "+49 30 111111" in text and "Needs an address on file" in text
    assert "No such number is for sale" in page(as_alice, f"{BUY}?{US}&digits=98")


def test_country_without_such_numbers_is_said(as_alice: Client, shop: Twilio) -> None:
    text = page(as_alice, f"{BUY}?country=US&kind=mobile")
    assert "try another kind" in text


def test_confirmation_says_the_price_and_buys_nothing(
    as_alice: Client, shop: Twilio
) -> None:
    text = page(as_alice, ONE)
    assert "Buy it for 1.15 USD a month" in text and "Acme" in text
    assert not shop.bought


def test_confirmed_number_is_bought_and_here(
    as_alice: Client, shop: Twilio, agent: Agent
) -> None:
    as_alice.post(f"{ONE}&agent={agent.pk}")
    number = PhoneNumber.objects.get(number=FREE)
    assert (shop.bought, number.agent) == ([FREE], agent)
    assert number.twilio_sid == shop.number(FREE)["sid"]
    assert "/incoming" in shop.number(FREE)["voice_url"]


def test_second_click_buys_nothing_more_and_leads_to_the_number(
    as_alice: Client, shop: Twilio
) -> None:
    as_alice.post(ONE)
    answer = as_alice.post(ONE, follow=True)
    assert "is yours already: it was not bought a second time" in answer.text
    assert answer.request["PATH_INFO"] == url_of(PhoneNumber.objects.get())
    assert shop.bought == [FREE]


def test_second_click_that_twilio_refuses_leads_to_the_number_too(
    as_alice: Client, shop: Twilio, acme: Organization
) -> None:
    def first_click(execute: Any, sql: str, *about: Any) -> Any:
        """It is done once the second one has looked for the number."""
        found = execute(sql, *about)
        if shop.for_sale and sql.startswith("SELECT") and "phonenumber" in sql:
            shop.for_sale.clear()
            PhoneNumber.objects.create(organization=acme, number=FREE)
        return found

    with connection.execute_wrapper(first_click):
        answer = as_alice.post(ONE)
    assert answer.headers["Location"].startswith(url_of(PhoneNumber.objects.get()))


def test_number_that_another_organization_has_here_is_not_bought(
    as_alice: Client, shop: Twilio, rival: Organization
) -> None:
    PhoneNumber.objects.create(organization=rival, number=FREE)
    answer = as_alice.post(ONE, follow=True)
    assert "nothing was bought" in answer.text and not shop.bought


def test_refusal_is_said_and_leaves_no_number(as_alice: Client, shop: Twilio) -> None:
    shop.fail(twilio_error(400, 21631, "Phone Number Requires an Address"))
    answer = as_alice.post(ONE, follow=True)
    assert "Not bought. Twilio says: Phone Number Requires an Address" in answer.text
    assert not PhoneNumber.objects.exists()


def test_editor_buys_nothing(as_ed: Client, shop: Twilio) -> None:
    assert "No organization of yours may do this" in page(as_ed, BUY)
    assert as_ed.post(ONE).status_code == 404
    assert not shop.bought


@pytest.mark.parametrize("address", ["?country=XX&kind=local", "?country=US&kind=odd"])
def test_price_of_what_there_is_not_is_not_asked(
    as_alice: Client, shop: Twilio, address: str
) -> None:
    assert as_alice.get(ONE.partition("?")[0] + address).status_code == 404


def test_organization_without_account_leads_to_it(as_alice: Client) -> None:
    assert reverse(f"{ADMIN}twilioaccount_add") in page(as_alice, BUY)
