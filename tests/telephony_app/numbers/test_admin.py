"""Telephone numbers in the admin: the list, the form, what the doctor found."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, Organization, Role, User
from agents_app.models import Agent
from telephony_app.findings import bad, fine
from telephony_app.models import CallingPolicy, PhoneNumber, TwilioAccount
from tests.standins.twilio.rest import NUMBER, Twilio
from tests.telephony_app.conftest import call_of
from tests.telephony_app.pages import ADMIN, errors_of, page, url_of

LIST = reverse(f"{ADMIN}phonenumber_changelist")
BY_HAND = reverse(f"{ADMIN}phonenumber_add") + "?by=hand"
WAITS = "The doctor looks"


def fields(**changes: Any) -> dict[str, Any]:
    """What the browser sends from a number's form."""
    return {"is_active": "on", "time_zone": "UTC", "max_calls": 10, "label": ""} | (
        changes
    )


# The list


def test_list_tells_who_answers_how_it_is_and_how_much_it_rings(
    as_ed: Client, number: PhoneNumber, agent: Agent
) -> None:
    call_of(agent, phone_number=number)
    number.note([bad("Broken.", "Mend it.")])
    text = page(as_ed, LIST)
    for words in ("+49 30 900900", "Reception", "Ava", "Does not work", "just now"):
        assert words in text
    assert as_ed.get(LIST).context["cl"].result_list[0].calls_today == 1


def test_list_costs_the_same_queries_however_long(
    as_ed: Client,
    agent: Agent,
    account: TwilioAccount,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(30):
        PhoneNumber.objects.create(
            organization=agent.organization, number=f"+155500022{n:02}", agent=agent
        )
    with django_assert_max_num_queries(10):
        page(as_ed, LIST)


def test_empty_list_leads_to_the_account_first(as_alice: Client) -> None:
    text = page(as_alice, LIST)
    assert "No telephone number yet" in text
    assert reverse(f"{ADMIN}twilioaccount_add") in text


def test_empty_list_leads_to_the_numbers_of_the_account(
    as_alice: Client, account: TwilioAccount
) -> None:
    text = page(as_alice, LIST)
    assert reverse(f"{ADMIN}phonenumber_add") in text
    assert reverse(f"{ADMIN}phonenumber_buy") in text


def test_editor_without_an_account_is_told_whom_to_ask(as_ed: Client) -> None:
    assert "Ask an admin of your organization to enter it." in page(as_ed, LIST)


def test_editor_is_not_led_to_buying(as_ed: Client, number: PhoneNumber) -> None:
    assert reverse(f"{ADMIN}phonenumber_buy") not in page(as_ed, LIST)


# The form


def test_editor_says_who_answers_and_when(
    as_ed: Client, number: PhoneNumber, acme: Organization
) -> None:
    CallingPolicy.objects.create(organization=acme, countries=["US"])
    bea = Agent.objects.create(organization=acme, name="Bea")
    hours = {"agent": bea.pk, "opening_hours": "Mon-Fri 09:00-17:00"}
    as_ed.post(url_of(number), fields(**hours, forward_to="+12025550177"))
    number.refresh_from_db()
    assert (number.agent, number.forward_to) == (bea, "+12025550177")
    assert number.opening_hours == "Mon-Fri 09:00-17:00"


def test_agents_of_other_organizations_are_no_choice(
    client: Client, ed: User, number: PhoneNumber, rival: Organization
) -> None:
    Membership.objects.create(user=ed, organization=rival, role=Role.EDITOR)
    spy = Agent.objects.create(organization=rival, name="Spy")
    client.force_login(ed)
    assert "Spy" not in page(client, url_of(number))
    answer = client.post(url_of(number), fields(agent=spy.pk))
    assert "agent" in errors_of(answer)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opening_hours": "always"}, "Mon-Fri 09:00-17:00"),
        ({"forward_to": "0301234"}, "+15550002222"),
        ({"forward_to": NUMBER}, "This is the number itself"),
        ({"forward_to": "+12025550177"}, "US is not among the countries"),
        ({"forward_to": "+19005550123"}, "is no ordinary number"),
        ({"max_calls": 0}, "greater than or equal to 1"),
        ({"time_zone": "Mars/Base"}, "not one of the available choices"),
    ],
)
def test_form_says_how_to_write_it(
    as_ed: Client, number: PhoneNumber, change: dict[str, Any], words: str
) -> None:
    assert words in str(errors_of(as_ed.post(url_of(number), fields(**change))))


def test_number_itself_cannot_be_changed(as_ed: Client, number: PhoneNumber) -> None:
    as_ed.post(url_of(number), fields(number="+15550009999"))
    number.refresh_from_db()
    assert number.number == NUMBER


def test_number_of_another_provider_is_typed_by_hand(
    as_ed: Client, acme: Organization
) -> None:
    as_ed.post(BY_HAND, fields(number="+15550002222", label="Desk"))
    assert PhoneNumber.objects.get(organization=acme).label == "Desk"


def test_new_number_is_forwarded_to_nobody_abroad(
    as_ed: Client, acme: Organization
) -> None:
    typed = fields(number="+15550002222", forward_to="+12025550177")
    assert "forward_to" in errors_of(as_ed.post(BY_HAND, typed))
    CallingPolicy.objects.create(organization=acme, countries=["US"])
    as_ed.post(BY_HAND, typed)
    assert PhoneNumber.objects.get().forward_to == "+12025550177"


def test_number_that_another_organization_has_is_refused_without_its_name(
    as_ed: Client, rival: Organization
) -> None:
    PhoneNumber.objects.create(organization=rival, number="+15550002222", label="X")
    answer = as_ed.post(BY_HAND, fields(number="+15550002222"))
    [words] = errors_of(answer)["number"]
    assert "perhaps in another organization" in words
    assert "Rival" not in answer.text


def test_deleted_number_stays_at_twilio_and_asks_us_no_more(
    as_alice: Client,
    twilio: Twilio,
    number: PhoneNumber,
    public: str,
    at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    twilio.number(NUMBER).update(voice_url=f"{public}/api/v1/voice/twilio/incoming")
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(url_of(number, "delete"), {"post": "yes"})
    assert not PhoneNumber.objects.exists()
    assert twilio.number(NUMBER)["voice_url"] == ""


def test_editor_deletes_no_number(as_ed: Client, number: PhoneNumber) -> None:
    answer = as_ed.post(url_of(number, "delete"), {"post": "yes"})
    assert answer.status_code == 403


# What the doctor found


def test_saving_sends_the_doctor_and_the_page_waits(
    as_ed: Client,
    no_livekit: None,
    twilio: Twilio,
    number: PhoneNumber,
    at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as sent:
        answer = as_ed.post(url_of(number), fields())
    waiting = page(as_ed, answer.headers["Location"])
    part = url_of(number, "standing")
    assert f'hx-get="{part}?since=' in waiting
    for send in sent:
        send()
    after = page(as_ed, f"{part}?{answer.headers['Location'].partition('?')[2]}")
    assert "hx-get" not in after and "finding-bad" in after


def test_page_says_what_is_amiss_with_the_mend(
    as_ed: Client, number: PhoneNumber
) -> None:
    number.note([fine("Ava answers."), bad("No worker.", "Start one.")])
    text = page(as_ed, url_of(number))
    assert text.index("No worker.") < text.index("Start one.") < text.index("Ava ans")
    assert "1 thing found in order" in text


def test_check_now_waits_for_the_doctor(as_ed: Client, number: PhoneNumber) -> None:
    answer = as_ed.post(url_of(number, "do", "check"), follow=True)
    assert WAITS in answer.text and "Check now" not in answer.text


def test_doctor_who_never_comes_is_said(as_ed: Client, number: PhoneNumber) -> None:
    long_ago = "?since=2026-03-02T12:00:00%2B00:00"
    text = page(as_ed, url_of(number, "standing") + long_ago)
    assert "Is the Celery worker running?" in text and "hx-get" not in text


def test_take_over_is_offered_where_others_answer(
    as_ed: Client, number: PhoneNumber
) -> None:
    assert "Take over" not in page(as_ed, url_of(number))
    assert as_ed.post(url_of(number, "do", "take-over")).status_code == 403
    number.note([bad("Others answer.", "Look.", code="taken")])
    assert "Take over" in page(as_ed, url_of(number))


def test_viewer_looks_and_presses_nothing(as_vic: Client, number: PhoneNumber) -> None:
    text = page(as_vic, url_of(number))
    assert "Check now" not in text and 'name="_save"' not in text
    assert as_vic.post(url_of(number, "do", "check")).status_code == 403


def test_unknown_button_is_not_there(as_ed: Client, number: PhoneNumber) -> None:
    assert as_ed.post(url_of(number, "do", "dance")).status_code == 404
