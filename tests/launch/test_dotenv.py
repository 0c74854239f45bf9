"""The first `.env`."""

import re
from pathlib import Path

import pytest

from config.env import BASE_DIR, Environment
from launch import dotenv


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `.env` that does not exist yet, and nothing set beside it."""
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ENV_FILE", str(tmp_path / ".env"))
    return tmp_path / ".env"


def test_fresh_file_is_enough_to_start(env_file: Path) -> None:
    assert dotenv.write_once()
    env = Environment(_env_file=env_file)
    assert env.web_port == 8000
    assert env.livekit_url == "ws://127.0.0.1:7880"


def test_only_its_owner_may_read_it(env_file: Path) -> None:
    dotenv.write_once()
    assert env_file.stat().st_mode & 0o777 == 0o600


def test_edited_file_is_left_alone(env_file: Path) -> None:
    dotenv.write_once()
    edited = env_file.read_text() + "WEB_PORT=9000\n"
    env_file.write_text(edited)
    assert not dotenv.write_once()
    assert env_file.read_text() == edited


def test_secret_that_an_older_file_lacks_is_added(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FIELD_ENCRYPTION_KEYS", raising=False)
    dotenv.write_once()
    written = env_file.read_text()
    env_file.write_text(re.sub("FIELD_ENCRYPTION_KEYS=.*", "", written))
    dotenv.write_once()
    assert len(Environment(_env_file=env_file).field_encryption_keys) == 1


def test_example_that_was_copied_by_hand_gets_its_secrets(env_file: Path) -> None:
    env_file.write_text((BASE_DIR / ".env.example").read_text())
    dotenv.write_once()
    assert len(Environment(_env_file=env_file).field_encryption_keys) == 1


def test_two_files_share_no_secret(env_file: Path) -> None:
    dotenv.write_once()
    first = Environment(_env_file=env_file)
    env_file.unlink()
    dotenv.write_once()
    second = Environment(_env_file=env_file)
    for name in (
        "secret_key",
        "field_encryption_keys",
        "livekit_api_key",
        "livekit_api_secret",
    ):
        assert getattr(first, name) != getattr(second, name)
