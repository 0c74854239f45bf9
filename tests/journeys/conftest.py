"""What journeys share: an agent that a browser can call, the caller, and browsers."""

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from agents_app.models import Agent
from telephony_app.models import Call, State
from tests.journeys.caller import Caller
from tests.journeys.phone.line import connect, number
from tests.servers.stack import Stack

__all__ = ["connect", "number"]

PROMPT = (
    "You are the receptionist of Bright Dental. "
    "Opening hours: we are open Monday to Friday from 9 to 5. "
    "The address is 12 High Street. A check-up costs 80 dollars."
)
Dial = Callable[..., Caller]
Browse = Callable[..., Page]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-background-networking"]


@pytest.fixture
def talk(stack: Stack) -> Callable[[Agent], tuple[Caller, Call]]:
    """Press *Talk*: open a voice session as the admin and be its caller."""

    def open_session(agent: Agent) -> tuple[Caller, Call]:
        answer = stack.signed_in().post(
            f"{stack.url}/api/v1/voice/session", json={"agent_id": agent.pk}
        )
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return Caller(body), Call.objects.get(pk=body["call_id"])

    return open_session


@pytest.fixture
def receptionist(stack: Stack) -> Agent:
    """An agent that knows its opening hours, address and a price."""
    return stack.make_agent(system_prompt=PROMPT)


@pytest.fixture
def browse(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browse]:
    """Open a page in a Chromium of its own, started with these options.

    The browsers' driver keeps an event loop in this thread, which Django takes for
    asynchronous code: not allowed to read rows, and with a database connection of its
    own, which is out of reach once the loop has ended.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    session = str(stack.signed_in().cookies["sessionid"])
    with sync_playwright() as driver:
        browsers: list[Browser] = []

        def start(*options: str) -> Page:
            browser = driver.chromium.launch(
                executable_path=chromium(), args=[*OPTIONS, *options]
            )
            browsers.append(browser)
            return signed_in_page(browser, stack.url, session)

        yield start
        connections.close_all()
        for browser in browsers:
            browser.close()


def chromium() -> str | None:
    """The browser, by whichever name this system has it."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def signed_in_page(browser: Browser, url: str, session: str) -> Page:
    """A page of the admin's; a script error on it fails the test."""
    context = browser.new_context(base_url=url)
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"The page's script broke: {error}"))
    return page


def job_pid(call: Call) -> int:
    """The process that holds the call now, as the call's events tell."""
    joined = call.events.filter(kind="agent_joined", detail__startswith="process")
    last = joined.order_by("at").last()
    assert last
    number = re.search(r"process (\d+)", last.detail)
    assert number
    return int(number[1])


def ended(stack: Stack, call: Call) -> Call:
    """The call, once it has ended and every turn of it is final."""
    stack.wait_for(lambda: _is_over(call), "the call's end")
    return call


def _is_over(call: Call) -> bool:
    call.refresh_from_db()
    waiting = call.turns.filter(is_final=False) if call.dispatches == 1 else ()
    return call.state == State.ENDED and not len(waiting)
