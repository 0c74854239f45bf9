"""The list of calls and the page of one, as staff meet them."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from agents_app.models import Agent
from telephony_app.models import Call, CallEvent, Cause, State
from tests.telephony_app.conftest import call_of, seconds, turn_of

LIST = "/admin/telephony_app/call/"


def page(client: Client, url: str) -> str:
    """The text of a page that must be there."""
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def queries(client: Client, url: str) -> list[str]:
    """What the page asks of the database."""
    with CaptureQueriesContext(connection) as asked:
        page(client, url)
    return [query["sql"] for query in asked]


def url_of(call: Call, view: str = "change") -> str:
    """A page of the call."""
    return reverse(f"admin:telephony_app_call_{view}", args=[call.pk])


@pytest.fixture
def spoken(call: Call) -> Call:
    """The call in progress, with something said in it."""
    turn_of(call, "agent", "Hello, this is Ava.", spoken_from=seconds(1))
    turn_of(
        call,
        "caller",
        "<b>Hours</b>?",
        spoken_from=seconds(4),
        spoken_to=seconds(5),
        is_typed=True,
    )
    turn_of(
        call,
        "agent",
        "From nine",
        spoken_from=seconds(6),
        latency_ms=640,
        was_interrupted=True,
        is_final=False,
    )
    return call


def test_list_tells_how_calls_stand(as_ed: Client, agent: Agent) -> None:
    call_of(agent, state=State.IN_PROGRESS, answered_at=timezone.now())
    call_of(agent, state=State.ENDED, cause=Cause.MODEL_UNAVAILABLE)
    text = page(as_ed, LIST)
    assert "In progress" in text
    assert "Failed" in text
    assert "The model was unreachable" in text


def test_search_without_a_hit_does_not_say_that_there_are_no_calls(
    as_ed: Client, call: Call
) -> None:
    assert "No calls yet" not in page(as_ed, f"{LIST}?q=nothing-like-it")


def test_list_costs_the_same_queries_however_long(as_ed: Client, agent: Agent) -> None:
    call_of(agent, state=State.ENDED, cause=Cause.SILENCE)
    few = queries(as_ed, LIST)
    for _ in range(20):
        call_of(agent, state=State.ENDED, cause=Cause.SILENCE)
    assert len(queries(as_ed, LIST)) == len(few) <= 8


def test_list_counts_nothing(as_ed: Client, agent: Agent) -> None:
    call_of(agent)
    assert not [sql for sql in queries(as_ed, LIST) if "COUNT(" in sql.upper()]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state__exact=ended", ["silence"]),
        ("state__exact=in_progress", ["live"]),
        ("cause__exact=silence", ["silence"]),
        ("cause__exact=no_place", []),
    ],
)
def test_list_is_filtered(
    as_ed: Client, agent: Agent, query: str, shown: list[str]
) -> None:
    calls = {
        "silence": call_of(agent, state=State.ENDED, cause=Cause.SILENCE),
        "live": call_of(agent, state=State.IN_PROGRESS),
    }
    text = page(as_ed, f"{LIST}?{query}")
    assert [name for name, call in calls.items() if url_of(call) in text] == shown


def test_list_is_filtered_by_date(as_ed: Client, agent: Agent) -> None:
    old = call_of(agent, created_at=timezone.now() - timedelta(days=9))
    new = call_of(agent)
    yesterday = timezone.now() - timedelta(days=1)
    since = urlencode({"created_at__gte": yesterday.isoformat(" ")})
    text = page(as_ed, f"{LIST}?{since}")
    assert url_of(new) in text
    assert url_of(old) not in text


def test_list_is_filtered_by_agent(as_ed: Client, agent: Agent) -> None:
    other = Agent.objects.create(organization=agent.organization, name="Otto")
    call, elsewhere = call_of(agent), call_of(other)
    text = page(as_ed, f"{LIST}?agent__id__exact={agent.pk}")
    assert url_of(call) in text
    assert url_of(elsewhere) not in text
    assert ">Ava</option>" in text


def test_filter_tells_no_foreign_agents_name(
    client: Client, mallory: User, agent: Agent
) -> None:
    client.force_login(mallory)
    assert "Ava" not in page(client, f"{LIST}?agent__id__exact={agent.pk}")


def test_strangers_see_neither_calls_nor_agents(
    client: Client, mallory: User, call: Call
) -> None:
    client.force_login(mallory)
    text = page(client, LIST)
    assert url_of(call) not in text
    assert "Ava" not in text


def test_page_opens_with_the_verdict(as_ed: Client, agent: Agent) -> None:
    call = call_of(
        agent,
        state=State.ENDED,
        cause=Cause.MODEL_UNAVAILABLE,
        error="The key is not valid.",
    )
    text = page(as_ed, url_of(call))
    assert "Failed: the model was unreachable" in text
    assert "The key is not valid." in text
    assert "What to do:" in text


def test_page_tells_what_was_said_and_how(as_ed: Client, spoken: Call) -> None:
    text = page(as_ed, url_of(spoken))
    for words in ("Hello, this is Ava.", "typed", "interrupted", "640 ms"):
        assert words in text
    assert "not finished" in text
    assert "&lt;b&gt;Hours&lt;/b&gt;?" in text
    assert text.index("Hello, this is Ava.</p>") < text.index("From nine</p>")


def test_page_lists_events_with_their_causes(as_ed: Client, call: Call) -> None:
    call.events.create(
        source="worker",
        kind=CallEvent.Kind.PROBLEM,
        dedupe_key="p",
        at=seconds(3),
        detail="The tool was slow.",
    )
    text = page(as_ed, url_of(call))
    assert "Problem" in text
    assert "The tool was slow." in text


def test_page_leads_to_the_version_that_spoke(as_ed: Client, call: Call) -> None:
    text = page(as_ed, url_of(call))
    assert "Version 1" in text
    assert reverse("admin:agents_app_agent_history", args=[call.agent_id]) in text


def test_page_costs_the_same_queries_however_long(as_ed: Client, spoken: Call) -> None:
    few = queries(as_ed, url_of(spoken))
    for second in range(40):
        turn_of(spoken, "caller", "Hm.", spoken_from=seconds(second))
    assert len(queries(as_ed, url_of(spoken))) == len(few) <= 9


def test_only_an_open_call_refreshes_itself(as_ed: Client, call: Call) -> None:
    assert "hx-get" in page(as_ed, url_of(call, "live"))
    Call.objects.update(state=State.ENDED, cause=Cause.SILENCE)
    assert "hx-get" not in page(as_ed, url_of(call, "live"))


def test_session_that_ends_during_a_call_reloads_the_page_to_sign_in(
    client: Client, call: Call
) -> None:
    answer = client.get(url_of(call, "live"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    assert not answer.content


def test_live_part_opened_by_itself_leads_to_the_login(
    client: Client, call: Call
) -> None:
    assert "/login/" in client.get(url_of(call, "live")).headers["Location"]


def test_nobody_edits_or_makes_a_call_by_hand(
    client: Client, alice: User, call: Call
) -> None:
    client.force_login(alice)
    assert client.get(f"{LIST}add/").status_code == 403
    client.post(url_of(call), {"state": "created"})
    call.refresh_from_db()
    assert call.state == State.IN_PROGRESS


def test_foreign_calls_do_not_exist(client: Client, mallory: User, call: Call) -> None:
    client.force_login(mallory)
    assert client.get(url_of(call, "live")).status_code == 404
    assert client.post(url_of(call, "end")).status_code == 404
    assert client.get(url_of(call)).headers["Location"] == "/admin/"
    assert client.get(url_of(call, "delete")).headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    "call_id", ["nonsense", "5f3c8e0e-3b1f-4c4e-9a51-0c6f6f0b7a11"]
)
def test_unknown_call_leads_back(as_ed: Client, call_id: str) -> None:
    answer = as_ed.get(f"{LIST}{call_id}/change/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


def test_editor_ends_a_call_and_is_told(
    as_ed: Client, call: Call, livekit_server: Any
) -> None:
    answer = as_ed.post(url_of(call, "end"), follow=True)
    assert "The call was ended." in answer.content.decode()
    assert "Ended by staff after" in answer.content.decode()


def test_editor_is_told_when_the_room_could_not_be_closed(
    as_ed: Client, call: Call, no_livekit: None
) -> None:
    answer = as_ed.post(url_of(call, "end"), follow=True)
    assert "its room is still open" in answer.content.decode()
    call.refresh_from_db()
    assert call.cause == Cause.STAFF_ENDED


def test_call_whose_line_twilio_does_not_close_goes_on(
    as_ed: Client, call: Call
) -> None:
    Call.objects.update(call_sid="CA" + "5e" * 16, transferred_to="+12025550150")
    answer = as_ed.post(url_of(call, "end"), follow=True)
    assert "The call goes on" in answer.text and "no Twilio account" in answer.text
    call.refresh_from_db()
    assert call.state == State.IN_PROGRESS


def test_viewer_reads_but_cannot_end(client: Client, vic: User, call: Call) -> None:
    client.force_login(vic)
    assert url_of(call, "end") not in page(client, url_of(call))
    assert client.post(url_of(call, "end")).status_code == 403


def test_end_takes_only_post(as_ed: Client, call: Call) -> None:
    assert as_ed.get(url_of(call, "end")).status_code == 405


def test_only_an_admin_deletes_a_call(client: Client, alice: User, call: Call) -> None:
    client.force_login(alice)
    client.post(url_of(call, "delete"), {"post": "yes"})
    assert not Call.objects.exists()


def test_editor_does_not_delete_a_call(as_ed: Client, call: Call) -> None:
    assert "Delete this call" not in page(as_ed, url_of(call))
    assert as_ed.post(url_of(call, "delete"), {"post": "yes"}).status_code == 403


def test_no_call_yet_says_how_to_make_one(as_ed: Client) -> None:
    assert "press Talk" in page(as_ed, LIST)


def test_filter_that_finds_nothing_offers_to_reset(as_ed: Client, call: Call) -> None:
    text = page(as_ed, f"{LIST}?state__exact=ended")
    assert "Reset filters" in text
    assert "press Talk" not in text
