"""`manage.py seed_demo`: what a first call needs."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Organization, User
from agents_app import speech
from agents_app.demo import PROMPT
from agents_app.models import Agent
from livekit_worker.sandbox.language.knowledge import best_sentence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state_dir(tmp_path: Path, settings: Any) -> Path:
    """A state folder in which nobody was seeded yet."""
    settings.STATE_DIR = tmp_path
    return tmp_path


def seed() -> str:
    """Seed once; what was complained about."""
    complaints = io.StringIO()
    call_command("seed_demo", stderr=complaints)
    return complaints.getvalue()


def test_demo_agent_takes_calls_with_every_line_ready() -> None:
    assert seed() == ""
    agent = Agent.objects.active().get()
    ready = speech.ready_lines([agent.config])
    assert all(speech.line_of(name, agent.config, ready) for name in agent.config.lines)


def test_second_run_changes_nothing(state_dir: Path) -> None:
    seed()
    password = (state_dir / "admin-password").read_text()
    Agent.objects.update(name="Renamed")
    seed()
    assert (state_dir / "admin-password").read_text() == password
    assert [agent.name for agent in Agent.objects.all()] == ["Renamed"]


def test_demo_is_not_made_beside_real_organizations() -> None:
    Organization.objects.create(name="Acme")
    seed()
    assert not Agent.objects.exists()


def test_admin_signs_in_with_the_password_of_the_file(state_dir: Path) -> None:
    seed()
    file = state_dir / "admin-password"
    assert User.objects.get(username="admin").check_password(file.read_text().strip())
    assert file.stat().st_mode & 0o777 == 0o600


def test_file_goes_once_the_password_was_changed(state_dir: Path) -> None:
    seed()
    admin = User.objects.get(username="admin")
    admin.set_password("of my own choosing")
    admin.save()
    seed()
    assert not (state_dir / "admin-password").exists()


def test_voice_that_fails_does_not_stop_the_start(settings: Any) -> None:
    settings.SANDBOX_MODEL, settings.GOOGLE_API_KEY = False, ""
    assert "Not all ready-made audio is there" in seed()
    assert Agent.objects.active().exists()


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("What are your opening hours?", "nine in the morning"),
        ("What is your address?", "12 Harbour Street"),
        ("How much is a full service?", "95 euros"),
        ("Are you open on Sunday?", "not open on Sunday"),
    ],
)
def test_prompt_answers_what_people_ask_first(question: str, fact: str) -> None:
    assert fact in str(best_sentence(PROMPT, question))
