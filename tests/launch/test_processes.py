"""What runs on this machine depends on what the environment names."""

import pytest

from config.env import Environment
from launch import livekit, processes


def names(**values: str) -> list[str]:
    """The processes of an environment with these values."""
    values = {"phone": "false"} | values
    return [process.name for process in processes.all_of(Environment(**values))]


def test_alone_it_runs_everything() -> None:
    assert names() == ["web", "tasks", "livekit", "model", "voice"]


@pytest.mark.parametrize(
    "account",
    [
        {"google_api_key": "k"},
        {"google_genai_use_vertexai": "true", "google_cloud_project": "p"},
    ],
)
def test_google_account_needs_no_sandbox(account: dict[str, str]) -> None:
    assert "model" not in names(**account)


def test_telephone_takes_redis_and_the_bridge() -> None:
    added = ["redis", "livekit", "sip"]
    assert names(phone="true") == ["web", "tasks", *added, "model", "voice"]


def test_redis_that_runs_already_is_used() -> None:
    assert "redis" not in names(phone="true", redis_url="redis://cache:6379/0")


@pytest.mark.parametrize(
    "url", ["wss://project.livekit.cloud", "ws://127.0.0.1:7", "ws://media:7880"]
)
def test_livekit_elsewhere_is_not_started_here(url: str) -> None:
    assert "livekit" not in names(livekit_url=url)


def test_livekit_listens_on_loopback_and_reports_to_us() -> None:
    env = Environment(web_port=9001, livekit_port=9002)
    config = livekit.config(env)
    assert config["bind_addresses"] == ["127.0.0.1"]
    assert config["webhook"]["urls"] == [
        "http://127.0.0.1:9001/api/v1/voice/livekit/webhook"
    ]
    assert config["keys"] == {
        env.livekit_api_key: env.livekit_api_secret.get_secret_value()
    }


def test_configuration_with_the_secret_is_the_owners_alone() -> None:
    env = Environment()
    livekit.write_config(env)
    assert livekit.config_file(env).stat().st_mode & 0o777 == 0o600
