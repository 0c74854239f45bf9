"""`docker/compose.yml`: the grown-up shape, its commands run as plain processes."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents_app.config import LONGEST_CALL_SECONDS
from config.env import BASE_DIR, WEB_THREADS, Environment
from launch.process import Process
from livekit_worker.worker.server import DRAIN_SECONDS
from tests.servers.ports import free_port
from tests.servers.server import Server
from tests.servers.stack import Stack

COMPOSE = yaml.safe_load((BASE_DIR / "docker/compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {n for n, s in SERVICES.items() if s.get("image") == "voice-agent-platform"}
BIN = str(Path(sys.executable).parent)


def test_every_part_of_the_grown_up_shape_is_there() -> None:
    others = {"postgres", "redis", "livekit", "livekit-sip"}
    assert set(SERVICES) == OURS | others
    assert {"migrate", "web", "worker", "celery", "beat"} == OURS


def test_no_secret_stands_in_the_file() -> None:
    assert all(SERVICES[name]["env_file"] == "../.env" for name in OURS)
    text = (BASE_DIR / "docker/compose.yml").read_text()
    assert "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?" in text
    assert "${LIVEKIT_API_SECRET:?}" in text


def test_bridge_takes_calls_encrypted_and_tells_no_log_of_passwords() -> None:
    bridge = SERVICES["livekit-sip"]
    config = yaml.safe_load(bridge["environment"]["SIP_CONFIG_BODY"])
    folder = bridge["volumes"][0].split(":")[-2]
    [certificate] = config["tls"]["certs"]
    assert all(file.startswith(f"{folder}/") for file in certificate.values())
    assert config["logging"]["level"] == "warn"
    assert bridge["network_mode"] == "host"


def test_recordings_are_in_one_place_whoever_stores_plays_or_deletes_them() -> None:
    assert all(SERVICES[name]["volumes"] == ["files:/state/files"] for name in OURS)
    assert "files" in COMPOSE["volumes"]


def test_only_the_proxy_on_the_host_reaches_the_web_process() -> None:
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "127.0.0.1:7880:7880" in SERVICES["livekit"]["ports"]


def test_image_holds_no_secret_of_the_folder_it_is_made_in() -> None:
    ignored = (BASE_DIR / ".dockerignore").read_text().split()
    assert {".env*", "certificates", "var"} <= set(ignored)


def test_web_process_has_a_connection_for_each_of_its_threads() -> None:
    script = (BASE_DIR / "docker/web.sh").read_text()
    assert f"--threads {WEB_THREADS} " in script
    assert Environment().database_pool_size > WEB_THREADS


@pytest.mark.parametrize("name", ["worker", "livekit-sip"])
def test_calls_may_be_finished(name: str) -> None:
    minutes = int(SERVICES[name]["stop_grace_period"].removesuffix("m"))
    assert minutes * 60 > DRAIN_SECONDS > LONGEST_CALL_SECONDS


@pytest.fixture
def container_env(stack: Stack) -> dict[str, str]:
    """The test run's environment, with the programs of a container's PATH."""
    return stack.env | {"PATH": f"{BIN}:{os.environ['PATH']}"}


@pytest.fixture
def redis_url() -> Iterator[str]:
    """A Redis of the test's own."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    try:
        redis = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        pytest.skip("redis-server is not installed")
    yield f"redis://127.0.0.1:{port}/0"
    redis.terminate()
    redis.wait()


def start(name: str, env: dict[str, str], *more: str, health: str = "") -> Server:
    """Start a service's own command."""
    command = [*SERVICES[name]["command"], *more]
    return Server(Process(f"container-{name}", command, health=health), env=env).start()


def test_migrate_ends_well(container_env: dict[str, str]) -> None:
    assert start("migrate", container_env).wait() == 0


def test_web_serves_the_admin_and_stops(container_env: dict[str, str]) -> None:
    port = str(free_port())
    web = start(
        "web",
        container_env | {"WEB_PORT": port, "WEB_WORKERS": "1"},
        health=f"http://127.0.0.1:{port}/admin/login/",
    )
    assert web.stop() == 0


def test_worker_gets_healthy_and_stops(container_env: dict[str, str]) -> None:
    port = str(free_port())
    health = f"http://127.0.0.1:{port}/healthz"
    worker = start("worker", container_env, "--port", port, health=health)
    assert worker.stop() == 0


@pytest.mark.parametrize(
    ("name", "sign"),
    # Beat loses a SIGTERM that comes while it still writes its schedule.
    [("celery", " ready."), ("beat", "Schedule changed.")],
)
def test_celery_runs_on_redis_and_stops(
    stack: Stack, container_env: dict[str, str], redis_url: str, name: str, sign: str
) -> None:
    celery = start(name, container_env | {"REDIS_URL": redis_url})
    try:
        stack.wait_for(lambda: sign in celery.log, f"'{sign}' of {name}", seconds=40)
    finally:
        code = celery.stop()
    assert code == 0


def test_healthcheck_command_tells_up_from_down(stack: Stack) -> None:
    check = [sys.executable, "-m", "launch.healthy"]
    assert subprocess.run([*check, f"{stack.url}/healthz"]).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
    down = [*check, f"http://127.0.0.1:{port}/healthz"]
    assert subprocess.run(down, stderr=subprocess.DEVNULL).returncode == 1
