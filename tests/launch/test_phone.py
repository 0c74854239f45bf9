"""LiveKit and the SIP bridge meet at one Redis."""

import pytest

from config.env import Environment
from launch import livekit, phone


def test_bridge_and_livekit_share_the_redis_of_this_machine() -> None:
    env = Environment(phone=True, redis_port=7001)
    assert livekit.config(env)["redis"] == {"address": "127.0.0.1:7001"}
    assert phone.config(env)["redis"] == livekit.config(env)["redis"]


def test_livekit_alone_needs_no_redis() -> None:
    assert "redis" not in livekit.config(Environment(phone=False))


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("redis://cache", {"address": "cache:6379", "db": 0, "use_tls": False}),
        ("redis://cache:7000/3", {"address": "cache:7000", "db": 3}),
        ("redis://me:p%40ss@cache", {"username": "me", "password": "p@ss"}),
        ("rediss://cache", {"use_tls": True}),
    ],
)
def test_redis_by_its_url(url: str, settings: dict[str, object]) -> None:
    found = phone.redis_settings(Environment(redis_url=url))
    assert settings.items() <= found.items()


def test_bridge_listens_on_loopback_at_the_ports_that_are_set() -> None:
    env = Environment(phone=True, sip_port=5070, sip_rtp_ports="20000-20100")
    config = phone.config(env)
    assert config["listen_ip"] == "127.0.0.1"
    assert (config["sip_port"], config["rtp_port"]) == (5070, "20000-20100")
    assert config["ws_url"] == env.livekit_url


def test_bridge_configuration_is_the_owners_alone() -> None:
    env = Environment(phone=True)
    phone.write_config(env)
    assert phone.config_file(env).stat().st_mode & 0o777 == 0o600


def test_machine_without_redis_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit, match="apt install redis-server"):
        phone.redis_server()
