"""What runs on this machine: each process with its command, its port, its health."""

import ssl
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass

from config.env import BASE_DIR, Environment
from launch import livekit
from launch.build import livekit_server

TIMEOUT_SECONDS = 2
WEB_THREADS = "16"


@dataclass(frozen=True)
class Process:
    """One process. `port_variable` names what to set when the port is taken;
    without a health address it counts as healthy while it lives."""

    name: str
    command: list[str]
    ports: tuple[int, ...] = ()
    port_variable: str = ""
    health: str = ""

    def is_healthy(self) -> bool:
        """Whether it answers that it can do its work."""
        return not self.health or _answers(self.health)


def _answers(url: str) -> bool:
    # Only a sign of life is asked for, and the sandbox's certificate is its own.
    trusting = ssl._create_unverified_context()  # noqa: S323
    try:
        urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS, context=trusting)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False
    return True


def needs_sandbox(env: Environment) -> bool:
    """Whether no real model is set up."""
    return not (env.google_api_key or env.google_genai_use_vertexai)


def all_of(env: Environment) -> list[Process]:
    """Everything that a call on this machine needs."""
    return [
        web(env),
        tasks(),
        *([media(env)] if livekit.is_ours(env) else []),
        *([model(env)] if needs_sandbox(env) else []),
        voice(env, port=env.worker_port),
    ]


def _manage(*words: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *words]


def web(env: Environment) -> Process:
    """Admin and API."""
    address = f"127.0.0.1:{env.web_port}"
    threads = ["--worker-class", "gthread", "--threads", WEB_THREADS]
    quiet = ["--log-level", "warning", "--no-control-socket"]
    gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi"]
    return Process(
        "web",
        [*gunicorn, "--bind", address, *threads, *quiet],
        (env.web_port,),
        "WEB_PORT",
        f"http://{address}/healthz",
    )


def tasks() -> Process:
    """Celery, with its clock: one process that runs one task after the other."""
    worker = ["worker", "--beat", "--pool", "solo", "--loglevel", "INFO"]
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
    return Process("tasks", [*celery, *worker])


def model(env: Environment) -> Process:
    """The sandbox model."""
    port = str(env.sandbox_model_port)
    return Process(
        "model",
        _manage("run_sandbox_model", "--port", port),
        (env.sandbox_model_port,),
        "SANDBOX_MODEL_PORT",
        f"https://127.0.0.1:{port}/",
    )


def voice(env: Environment, *, port: int, places: int | None = None) -> Process:
    """A voice worker; `places` is how many calls it holds at once."""
    limit = ["--max-calls", str(places)] if places else []
    return Process(
        "voice",
        _manage("run_voice_worker", "--port", str(port), *limit),
        (port,),
        "WORKER_PORT",
        f"http://127.0.0.1:{port}/healthz",
    )


def media(env: Environment) -> Process:
    """LiveKit, which carries the sound; `livekit.write_config` comes first."""
    return Process(
        "livekit",
        [str(livekit_server()), "--config", str(livekit.config_file(env))],
        (env.livekit_port, env.livekit_port + 1),
        "LIVEKIT_PORT",
        f"http://127.0.0.1:{env.livekit_port}/",
    )
