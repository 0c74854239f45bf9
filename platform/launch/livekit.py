"""How `livekit-server` is set up for one machine."""

from pathlib import Path
from typing import Any

from config.env import Environment
from launch import phone
from launch.files import write_for_owner


def is_ours(env: Environment) -> bool:
    """Whether LiveKit is expected here, at the port that is ours to take."""
    return env.livekit_url == f"ws://127.0.0.1:{env.livekit_port}"


def config_file(env: Environment) -> Path:
    """Where `write_config` leaves the configuration."""
    return env.state_dir / "livekit.yaml"


def write_config(env: Environment) -> None:
    """Write the configuration, for its owner's eyes: it holds the API secret."""
    write_for_owner(config_file(env), config(env))


def config(env: Environment) -> dict[str, Any]:
    """LiveKit on loopback alone, reporting to our webhook; Redis only for telephony.

    https://github.com/livekit/livekit/blob/master/config-sample.yaml
    """
    key = env.livekit_api_key
    webhook = f"http://127.0.0.1:{env.web_port}/api/v1/voice/livekit/webhook"
    return {
        "port": env.livekit_port,
        "bind_addresses": ["127.0.0.1"],
        **({"redis": phone.redis_settings(env)} if env.phone else {}),
        "keys": {key: env.livekit_api_secret.get_secret_value()},
        "rtc": {
            "tcp_port": env.livekit_port + 1,
            "udp_port": env.livekit_port + 2,
            "use_external_ip": False,
            "node_ip": "127.0.0.1",
            # Without it a machine with no other network finds no usable pair.
            "enable_loopback_candidate": True,
        },
        "room": {"auto_create": True, "empty_timeout": 60, "departure_timeout": 5},
        "webhook": {"api_key": key, "urls": [webhook]},
        "logging": {"level": "warn"},
    }
