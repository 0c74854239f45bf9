"""A person on the Talk page, in a real browser with a fake microphone."""

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from agents_app.models import Agent
from agents_app.voices.espeak import speak
from telephony_app.models import Call, Cause, Turn
from tests.journeys.conftest import Browse, ended
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy

Open = Callable[..., Page]
MEDIA = [
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
SECONDS = 30_000
# The browser's first question for the microphone stays open until `allow()`.
ASKS_FOR_LONG = """
    const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = (what) => new Promise((answer) => {
        devices.getUserMedia = ask;
        window.allow = () => answer(ask(what));
    });
"""


@pytest.fixture(autouse=True)
def _worker(stack: Stack) -> None:
    stack.worker()


def recording(path: Path, text: str, *, after: float) -> Path:
    """A microphone's recording: silence, then the words, then silence."""
    voice = np.frombuffer(speak(text, voice="Kore").pcm, dtype=np.int16)
    samples = np.repeat(voice, 2)
    before = np.zeros(int(48_000 * after), dtype=np.int16)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(np.concatenate([before, samples, before[:48_000]]).tobytes())
    return path


@pytest.fixture
def open_page(stack: Stack, browse: Browse, tmp_path: Path) -> Open:
    """Open the agent's Talk page, with a microphone that beeps or `says` something."""

    def open_talk(agent: Agent, *, says: str = "", microphone: bool = True) -> Page:
        allow = ["--use-fake-ui-for-media-stream"] if microphone else []
        if says:
            path = recording(tmp_path / "said.wav", says, after=7)
            allow.append(f"--use-file-for-fake-audio-capture={path}%noloop")
        page = browse(*MEDIA, *allow)
        page.goto(f"/admin/agents_app/agent/{agent.pk}/talk/")
        return page

    return open_talk


def hears(page: Page, words: str) -> None:
    """Wait until the transcript shows these words."""
    expect(page.locator("#talk-transcript")).to_contain_text(words, timeout=SECONDS)


def types(page: Page, words: str) -> None:
    """Type a line and send it."""
    page.fill("#talk-text", words)
    page.press("#talk-text", "Enter")


def test_person_talks_by_voice_and_text_and_reads_the_call(
    stack: Stack, open_page: Open, receptionist: Agent
) -> None:
    page = open_page(receptionist, says="what can you do")
    page.click("#talk-start")
    hears(page, "How can I help you today?")
    hears(page, "sandbox model")
    types(page, "What are your opening hours?")
    hears(page, "Monday to Friday")
    page.click("#talk-end")
    call = ended(stack, Call.objects.latest("created_at"))
    assert call.cause == Cause.CALLER_HUNG_UP
    spoken = call.turns.filter(speaker=Turn.Speaker.CALLER)
    assert [turn.text.lower() for turn in spoken] == [
        "what can you do",
        "what are your opening hours?",
    ]
    page.goto(f"{stack.url}/admin/telephony_app/call/{call.pk}/change/")
    expect(page.locator("body")).to_contain_text("What are your opening hours?")
    expect(page.locator("body")).to_contain_text("Monday to Friday")


def test_person_without_a_microphone_is_told_and_can_type(
    stack: Stack, open_page: Open, receptionist: Agent
) -> None:
    page = open_page(receptionist, microphone=False)
    page.context.clear_permissions()
    page.click("#talk-start")
    hears(page, "How can I help you today?")
    expect(page.locator("#talk-notices")).to_contain_text("microphone", timeout=SECONDS)
    types(page, "What are your opening hours?")
    hears(page, "Monday to Friday")
    page.click("#talk-end")
    ended(stack, Call.objects.latest("created_at"))


def test_question_of_a_call_that_is_over_leaves_the_next_ones_microphone_alone(
    open_page: Open, receptionist: Agent
) -> None:
    page = open_page(receptionist)
    page.add_init_script(ASKS_FOR_LONG)
    page.reload()
    page.click("#talk-start")
    page.wait_for_function("!!window.allow")
    page.click("#talk-end")
    page.click("#talk-start")
    hears(page, "How can I help you today?")
    page.evaluate("window.allow()")
    page.wait_for_timeout(500)
    page.evaluate("document.getElementById('talk-level-caller').dataset.level = 0")
    loud = "document.getElementById('talk-level-caller').dataset.level > 0.02"
    page.wait_for_function(loud, timeout=SECONDS)
    page.click("#talk-end")


def test_closed_browser_ends_the_call(
    stack: Stack, open_page: Open, receptionist: Agent
) -> None:
    page = open_page(receptionist)
    page.click("#talk-start")
    hears(page, "How can I help you today?")
    call = Call.objects.latest("created_at")
    page.close()
    stack.wait_for(lambda: Call.objects.get(pk=call.pk).ended_at, "the end", seconds=40)
    call.refresh_from_db()
    assert call.cause in {Cause.CALLER_HUNG_UP, Cause.CALLER_LOST}


def test_two_pages_talk_at_once_without_mixing(
    stack: Stack, open_page: Open, receptionist: Agent
) -> None:
    one, two = open_page(receptionist), open_page(receptionist)
    one.click("#talk-start")
    two.click("#talk-start")
    hears(one, "How can I help you today?")
    hears(two, "How can I help you today?")
    types(one, "What does a check-up cost?")
    hears(one, "80 dollars")
    expect(two.locator("#talk-transcript")).not_to_contain_text("80 dollars")


def test_session_that_ends_during_a_call_leads_to_the_login(
    stack: Stack, open_page: Open, receptionist: Agent
) -> None:
    page = open_page(receptionist)
    page.click("#talk-start")
    hears(page, "How can I help you today?")
    call = Call.objects.latest("created_at")
    reader = page.context.new_page()
    reader.goto(f"{stack.url}/admin/telephony_app/call/{call.pk}/change/")
    expect(reader.locator("#call")).to_contain_text("How can I help you today?")
    page.context.clear_cookies()
    reader.wait_for_url("**/admin/login/?next=**", timeout=SECONDS)
    page.click("#talk-end")
    assert ended(stack, call).cause == Cause.CALLER_HUNG_UP
