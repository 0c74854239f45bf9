"""How Redis and `livekit-sip` are set up for telephone calls on one machine.

LiveKit keeps its trunks and dispatch rules in Redis, and speaks through it with the
SIP bridge.
"""

import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from config.env import Environment
from launch.files import write_for_owner

PROGRAMS = ("redis-server", "valkey-server")


def redis_server() -> str:
    """The Redis server on PATH; ends the process with how to get one."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    sys.exit(
        "Telephone calls need Redis, and there is no redis-server here. Install it "
        "(apt install redis-server, or brew install redis), or set REDIS_URL to one "
        "that runs."
    )


def redis_settings(env: Environment) -> dict[str, Any]:
    """Where LiveKit and the bridge find Redis: `REDIS_URL`, else the one we run.

    https://github.com/livekit/livekit/blob/master/config-sample.yaml
    """
    if env.redis_url is None:
        return {"address": f"127.0.0.1:{env.redis_port}"}
    url = urlsplit(env.redis_url.get_secret_value())
    return {
        "address": f"{url.hostname}:{url.port or 6379}",
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "db": int(url.path.strip("/") or 0),
        "use_tls": url.scheme == "rediss",
    }


def is_ours(env: Environment) -> bool:
    """Whether the bridge that Twilio dials is expected here."""
    return env.sip_host == f"127.0.0.1:{env.sip_port}"


def config_file(env: Environment) -> Path:
    """Where `write_config` leaves the bridge's configuration."""
    return env.state_dir / "sip.yaml"


def write_config(env: Environment) -> None:
    """Write the configuration, for its owner's eyes: it holds the API secret."""
    write_for_owner(config_file(env), config(env))


def health_port(env: Environment) -> int:
    """The port after the one that is kept for TLS."""
    return env.sip_port + 2


def config(env: Environment) -> dict[str, Any]:
    """The SIP bridge on loopback alone.

    https://github.com/livekit/sip#config
    """
    return {
        "api_key": env.livekit_api_key,
        "api_secret": env.livekit_api_secret.get_secret_value(),
        "ws_url": f"ws://127.0.0.1:{env.livekit_port}",
        "redis": redis_settings(env),
        "sip_port": env.sip_port,
        "rtp_port": env.sip_rtp_ports,
        "listen_ip": "127.0.0.1",
        # Without it the bridge looks for another interface than loopback.
        "nat_1_to_1_ip": "127.0.0.1",
        "health_port": health_port(env),
        # Nobody sends stale sound here; else a call's port stays taken for minutes.
        "rtp_draining_idle_timeout": "-1s",
        "rtp_draining_duration": "-1s",
        # A worker that starts keeps both cores busy: no reason to refuse a call.
        "max_cpu_utilization": 1.0,
        "logging": {"level": "warn"},
    }
