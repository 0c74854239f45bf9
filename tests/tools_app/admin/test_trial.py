"""*Test*: asked for on a page, run by Celery, told on the same page."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from tests.tools_app.admin.conftest import page, url_of
from tests.tools_app.conftest import API_KEY
from tools_app.models import AgentTool, ToolTrial
from tools_app.trial.trial import run_trial

PIN = "4-7-1-1-secret"


def ask(client: Client, row: AgentTool, function: str = "", **arguments: Any) -> Any:
    """Press *Test* on a new page; the page that follows."""
    return send(client, row, function, str(uuid.uuid4()), **arguments)


def send(client: Client, row: AgentTool, function: str, key: str, **given: Any) -> Any:
    """Press *Test* on the page that carries this key; the page that follows."""
    url = f"{url_of(row, 'test')}?function={function}"
    return client.post(url, {f"arg__{n}": v for n, v in given.items()} | {"key": key})


def key_in(text: str) -> str:
    """The key that a page carries."""
    found = re.search(r'name="key" value="([^"]+)"', text)
    assert found
    return found[1]


def report_url(trial: ToolTrial) -> str:
    """The part of the page that asks for itself again."""
    args = [trial.agent_tool_id, trial.pk]
    return reverse("admin:tools_app_tooltrial", args=args)


def report(client: Client, row: AgentTool, function: str = "", **given: Any) -> str:
    """What the page tells once Celery has run what was asked for."""
    ask(client, row, function, **given)
    trial = ToolTrial.objects.latest("pk")
    run_trial(trial.pk)
    return page(client, report_url(trial))


def test_page_offers_the_own_test_and_every_function(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    text = page(as_ed, url_of(avas_weather, "test"))
    assert "The tool's own test" in text
    assert "?function=forecast" in text and "?function=subscribe" in text


def test_arguments_have_fields_of_the_functions_schema(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    text = page(as_ed, url_of(avas_weather, "test"), function="forecast")
    assert 'name="arg__city"' in text and "As the caller says it." in text
    assert 'name="arg__days"' in text and 'max="7"' in text


def test_function_runs_and_its_answer_is_shown(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    text = report(as_ed, avas_weather, "forecast", city="Oslo", days="3")
    assert "It works" in text and " ms" in text
    assert "&quot;city&quot;: &quot;Oslo&quot;" in text
    assert "&quot;days&quot;: 3" in text
    assert "hx-get" not in text


def test_own_test_tells_the_failure_and_the_mend(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    avas_weather.sensitive_config = {"api_key": "wrong-api-key"}
    avas_weather.save()
    text = report(as_ed, avas_weather)
    assert "It failed" in text and "The key is not accepted." in text
    assert "What to do:" in text


def test_wrong_argument_is_an_error_at_its_field(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    answer = ask(as_ed, avas_weather, "forecast", city="Oslo", days="9")
    assert answer.context["form"].errors == {
        "arg__days": ["This is too high: use 7 or less."]
    }
    assert not ToolTrial.objects.exists()


def test_page_waits_and_keeps_what_was_typed(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    text = ask(as_ed, avas_weather, "forecast", city="Oslo").text
    trial = ToolTrial.objects.get()
    assert "Waiting for a worker" in text
    assert f'hx-get="{report_url(trial)}"' in text
    assert 'value="Oslo"' in text


def test_page_that_is_sent_twice_does_what_it_does_once(
    as_ed: Client,
    avas_weather: AgentTool,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    key = key_in(page(as_ed, url_of(avas_weather, "test"), function="subscribe"))
    with django_capture_on_commit_callbacks() as sent:
        for _ in range(2):
            answer = send(as_ed, avas_weather, "subscribe", key, phone="1", pin=PIN)
    assert report_url(ToolTrial.objects.get()) in answer.text
    assert len(sent) == 1


def test_another_press_and_another_argument_are_tests_of_their_own(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    answer = ask(as_ed, avas_weather, "forecast", city="Oslo")
    key = key_in(answer.text)
    send(as_ed, avas_weather, "forecast", key, city="Oslo")
    send(as_ed, avas_weather, "forecast", key, city="Rome")
    assert ToolTrial.objects.count() == 3


def test_secret_argument_is_on_no_page(as_ed: Client, avas_weather: AgentTool) -> None:
    answer = ask(as_ed, avas_weather, "subscribe", phone="123", pin=PIN)
    assert 'value="123"' in answer.text and PIN not in answer.text
    trial = ToolTrial.objects.get()
    run_trial(trial.pk)
    text = page(as_ed, report_url(trial))
    assert "Alerts go to 123" in text
    assert PIN not in text and API_KEY not in text


def test_function_that_changes_something_says_so(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    page_of = url_of(avas_weather, "test")
    assert "This really does it" in page(as_ed, page_of, function="subscribe")
    assert "This really does it" not in page(as_ed, page_of, function="forecast")


@pytest.mark.parametrize(
    ("age", "begun", "words"),
    [
        (0, False, "Waiting for a worker"),
        (10, False, "Is the Celery worker running?"),
        (10, True, "Running forecast"),
        (120, False, "No Celery worker took it."),
        (120, True, "The Celery worker stopped while it ran."),
    ],
)
def test_test_that_takes_long_says_why(
    as_ed: Client, avas_weather: AgentTool, age: int, begun: bool, words: str
) -> None:
    ask(as_ed, avas_weather, "forecast", city="Oslo")
    asked = timezone.now() - timedelta(seconds=age)
    ToolTrial.objects.update(asked_at=asked, started_at=asked if begun else None)
    trial = ToolTrial.objects.get()
    assert words in page(as_ed, report_url(trial))
    assert ("hx-get" in page(as_ed, report_url(trial))) is (age < 100)


def test_unknown_function_does_not_exist(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    assert ask(as_ed, avas_weather, "nonsense").status_code == 404


def test_viewer_does_not_test(as_vic: Client, avas_weather: AgentTool) -> None:
    assert as_vic.get(url_of(avas_weather, "test")).status_code == 403
    assert ask(as_vic, avas_weather).status_code == 403
    assert url_of(avas_weather, "test") not in page(as_vic, url_of(avas_weather))


def test_stranger_does_not_test(
    as_ed: Client, client: Client, mallory: User, avas_weather: AgentTool
) -> None:
    ask(as_ed, avas_weather)
    trial = ToolTrial.objects.get()
    client.force_login(mallory)
    assert client.get(url_of(avas_weather, "test")).status_code == 404
    assert ask(client, avas_weather).status_code == 404
    assert client.get(report_url(trial)).status_code == 404


def test_session_that_ends_during_a_test_reloads_the_page_to_sign_in(
    as_ed: Client, avas_weather: AgentTool
) -> None:
    ask(as_ed, avas_weather)
    part = report_url(ToolTrial.objects.get())
    as_ed.logout()
    answer = as_ed.get(part, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true" and not answer.content
