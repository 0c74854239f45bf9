"""What a telephone call's page, its list and the API tell besides."""

import pytest
from django.test import Client
from django.urls import reverse

from agents_app.models import Agent
from telephony_app.call_page.facts import Fact, facts
from telephony_app.models import Call, Cause, PhoneNumber, State
from tests.telephony_app.conftest import call_of
from tests.telephony_app.posting import CALL_SID, CALLER

PERSON = "+12025550177"


@pytest.fixture
def phoned(agent: Agent, number: PhoneNumber) -> Call:
    """A call that came in and was forwarded."""
    return call_of(
        agent,
        direction=Call.Direction.INBOUND,
        phone_number=number,
        caller=CALLER,
        callee=number.number,
        call_sid=CALL_SID,
        state=State.ENDED,
        cause=Cause.NOT_ANSWERED,
        sip_status=401,
        billed_seconds=61,
        transferred_to=PERSON,
    )


def fact(call: Call, name: str) -> Fact:
    """The card of this name."""
    return next(card for card in facts(call, [], []) if card.name == name)


def test_caller_and_the_number_that_was_called_are_told(
    phoned: Call, number: PhoneNumber
) -> None:
    caller = fact(phoned, "Caller")
    assert (caller.value, caller.remark) == ("+1 202-555-0111", "called +49 30 900900")
    page = reverse("admin:telephony_app_phonenumber_change", args=[number.pk])
    assert caller.remark_url == page


def test_what_the_provider_says_is_told(phoned: Call) -> None:
    line = fact(phoned, "Billed by Twilio")
    assert (line.value, line.remark) == ("1 min 1 s", f"{CALL_SID} · SIP 401")


def test_person_who_took_the_call_is_told(phoned: Call) -> None:
    assert fact(phoned, "Put through to").value == "+1 202-555-0177"


def test_person_who_was_called_for_a_browsers_caller_is_told_too(agent: Agent) -> None:
    call = call_of(agent, state=State.IN_PROGRESS, transferred_to=PERSON)
    assert fact(call, "Put through to").remark == "not answered yet"


def test_who_was_called_is_told_of_a_call_out(phoned: Call) -> None:
    phoned.direction = Call.Direction.OUTBOUND
    phoned.caller, phoned.callee = phoned.callee, CALLER
    called = fact(phoned, "Called")
    assert (called.value, called.remark) == ("+1 202-555-0111", "from +49 30 900900")


def test_browser_call_has_no_telephone(agent: Agent) -> None:
    names = {card.name for card in facts(call_of(agent), [], [])}
    assert not names & {"Caller", "Called", "Billed by Twilio", "Put through to"}


def test_caller_who_hides_the_number_is_told_as_the_network_does(phoned: Call) -> None:
    phoned.caller = "anonymous"
    assert fact(phoned, "Caller").value == "anonymous"


def test_page_says_what_to_do(as_ed: Client, phoned: Call) -> None:
    page = reverse("admin:telephony_app_call_change", args=[phoned.pk])
    text = as_ed.get(page).text
    assert "did not accept Twilio&#x27;s login" in text
    assert CALL_SID in text


def test_list_shows_who_called(as_ed: Client, phoned: Call) -> None:
    assert "+1 202-555-0111" in as_ed.get("/admin/telephony_app/call/").text


def test_list_is_filtered_by_number(
    as_ed: Client, agent: Agent, phoned: Call, number: PhoneNumber
) -> None:
    other = call_of(agent)
    address = f"/admin/telephony_app/call/?phone_number__id__exact={number.pk}"
    text = as_ed.get(address).text
    assert (str(phoned.pk) in text, str(other.pk) in text) == (True, False)


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("+12025550111", True),
        (" +1 (202) 555-0111 ", True),
        ("0049 30 900900", True),
        (CALL_SID, True),
        ("CA" + "0" * 32, False),
        ("+12025550112", False),
        ("Ava", False),
        ("%", False),
        ("", True),
    ],
)
def test_calls_are_found_by_number_and_by_twilios_name(
    as_ed: Client, phoned: Call, words: str, *, is_found: bool
) -> None:
    answer = as_ed.get("/admin/telephony_app/call/", {"q": words})
    assert answer.status_code == 200
    assert (str(phoned.pk) in answer.text) == is_found


def test_strangers_find_nothing(client: Client, phoned: Call, mallory: object) -> None:
    client.force_login(mallory)  # type: ignore[arg-type]
    answer = client.get("/admin/telephony_app/call/", {"q": CALL_SID})
    assert str(phoned.pk) not in answer.text


def test_api_tells_the_numbers(as_ed: Client, phoned: Call) -> None:
    told = as_ed.get(f"/api/v1/calls/{phoned.pk}").json()
    names = ("from", "to", "sip_status", "billed_seconds", "transferred_to")
    values = (CALLER, phoned.callee, 401, 61, PERSON)
    assert tuple(told[name] for name in names) == values
