"""The stand-in refuses what Google refuses, in Google's form."""

from typing import Any

import pytest
import requests

from tests.standins.google.calendar import CALENDAR_ID, GoogleCalendar

GOOD = "ya29.good"
TIMES = {
    "start": {"dateTime": "2030-11-26T15:00:00+01:00"},
    "end": {"dateTime": "2030-11-26T15:30:00+01:00"},
}
DAY = {"timeMin": "2030-11-26T00:00:00Z", "timeMax": "2030-11-27T00:00:00Z"}


class Client:
    """Somebody with a token."""

    def __init__(self, google: GoogleCalendar) -> None:
        google.tokens.good.add(GOOD)
        self.google = google

    def ask(
        self, method: str, path: str, token: str = GOOD, **sent: Any
    ) -> requests.Response:
        """The answer to a request."""
        headers = {"Authorization": f"Bearer {token}", **sent.pop("headers", {})}
        url = f"{self.google.api_url}/{path}"
        return requests.request(method, url, headers=headers, timeout=5, **sent)

    def events(self, method: str, path: str = "", **sent: Any) -> requests.Response:
        """The same, of the events."""
        return self.ask(method, f"calendars/{CALENDAR_ID}/events{path}", **sent)

    def insert(self, **body: Any) -> requests.Response:
        """A new event."""
        return self.events("POST", json={**TIMES, **body})


@pytest.fixture
def client(google: GoogleCalendar) -> Client:
    return Client(google)


def refusal(response: requests.Response) -> tuple[int, str]:
    """Status and reason, where Google's clients look for them."""
    error = response.json()["error"]
    assert error["code"] == response.status_code
    assert error["message"] == error["errors"][0]["message"]
    return response.status_code, error["errors"][0]["reason"]


def test_event_comes_back_as_it_was_put(client: Client) -> None:
    made = client.insert(id="abcde12345", summary="Haircut").json()
    found = client.events("GET", "/abcde12345").json()
    assert made == found
    assert found["start"] == TIMES["start"]
    assert found["status"] == "confirmed"
    assert found["etag"].startswith('"')


def test_id_is_taken_for_ever(client: Client) -> None:
    client.insert(id="abcde12345")
    assert refusal(client.insert(id="abcde12345")) == (409, "duplicate")
    client.events("DELETE", "/abcde12345")
    assert refusal(client.insert(id="abcde12345")) == (409, "duplicate")


def test_deleted_event_is_cancelled_and_deleted_once(client: Client) -> None:
    client.insert(id="abcde12345")
    assert client.events("DELETE", "/abcde12345").status_code == 204
    assert refusal(client.events("DELETE", "/abcde12345")) == (410, "deleted")
    assert client.events("GET", "/abcde12345").json()["status"] == "cancelled"
    assert client.events("GET", params=DAY).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"id": "UPPER"}, "invalid"),
        ({"id": "abc"}, "invalid"),
        ({"end": None}, "required"),
        ({"end": TIMES["start"]}, "timeRangeEmpty"),
        ({"start": {"dateTime": "2030-11-26T15:00:00"}}, "required"),
        ({"start": {"dateTime": "soon"}}, "invalid"),
    ],
)
def test_wrong_event_is_refused(
    client: Client, body: dict[str, Any], reason: str
) -> None:
    assert refusal(client.insert(**body)) == (400, reason)


def test_patch_changes_what_is_named_and_removes_null(client: Client) -> None:
    event = client.insert(summary="Haircut", location="Here").json()
    changes = {"summary": "Beard", "location": None}
    changed = client.events("PATCH", f"/{event['id']}", json=changes).json()
    assert (changed["summary"], "location" in changed) == ("Beard", False)
    assert changed["start"] == event["start"]
    assert changed["etag"] != event["etag"]


def test_patch_of_an_older_state_is_refused(client: Client) -> None:
    event = client.insert().json()
    path, headers = f"/{event['id']}", {"If-Match": event["etag"]}
    client.events("PATCH", path, json={"summary": "First"}, headers=headers)
    second = client.events("PATCH", path, json={"summary": "Second"}, headers=headers)
    assert refusal(second) == (412, "conditionNotMet")


def test_list_comes_in_pages(client: Client) -> None:
    for n in range(3):
        client.insert(id=f"abcde{n}")
    first = client.events("GET", params={**DAY, "maxResults": 2}).json()
    more = {**DAY, "maxResults": 2, "pageToken": first["nextPageToken"]}
    second = client.events("GET", params=more).json()
    assert [len(page["items"]) for page in (first, second)] == [2, 1]
    assert "nextPageToken" not in second
    assert first["accessRole"] == "writer"


def test_order_by_time_is_for_single_events(client: Client) -> None:
    ordered = client.events("GET", params={**DAY, "orderBy": "startTime"})
    assert refusal(ordered) == (400, "badRequest")


def test_busy_time_is_joined_and_without_free_events(client: Client) -> None:
    end = {"dateTime": "2030-11-26T16:00:00+01:00"}
    client.insert()
    client.insert(end=end)
    client.insert(transparency="transparent", end={"dateTime": "2030-11-26T20:00:00Z"})
    body = {**DAY, "items": [{"id": CALENDAR_ID}]}
    answer = client.ask("POST", "freeBusy", json=body).json()
    assert answer["calendars"][CALENDAR_ID]["busy"] == [
        {"start": "2030-11-26T14:00:00Z", "end": "2030-11-26T15:00:00Z"}
    ]


def test_busy_time_of_a_hidden_calendar_is_an_error_inside_an_answer(
    client: Client,
) -> None:
    body = {**DAY, "items": [{"id": "hidden"}]}
    answer = client.ask("POST", "freeBusy", json=body)
    assert answer.status_code == 200
    assert answer.json()["calendars"]["hidden"]["errors"][0]["reason"] == "notFound"


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("2030-11-26T00:00:00Z", "timeRangeEmpty"),
        ("2031-11-26T00:00:00Z", "timeRangeTooLong"),
    ],
)
def test_busy_time_is_asked_for_some_weeks(
    client: Client, end: str, reason: str
) -> None:
    body = {**DAY, "timeMax": end, "items": [{"id": CALENDAR_ID}]}
    assert refusal(client.ask("POST", "freeBusy", json=body)) == (400, reason)


def test_without_a_good_token_nothing_is_told(client: Client) -> None:
    answer = client.ask("GET", f"calendars/{CALENDAR_ID}", token="ya29.other")
    assert refusal(answer) == (401, "authError")


def test_reader_changes_nothing(client: Client, google: GoogleCalendar) -> None:
    google.calendar.role = "reader"
    assert refusal(client.insert()) == (403, "requiredAccessLevel")


def test_unknown_calendar_is_not_found(client: Client) -> None:
    assert refusal(client.ask("GET", "calendars/other")) == (404, "notFound")


def test_token_endpoint_takes_one_kind_of_grant(google: GoogleCalendar) -> None:
    form = {"grant_type": "password"}
    answer = requests.post(f"{google.url}/token", data=form, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"] == "unsupported_grant_type"
