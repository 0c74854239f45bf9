"""What runs on this machine: each process with its command, its port, its health."""

import sys
from collections.abc import Iterator

from config.env import BASE_DIR, WEB_THREADS, Environment
from launch import livekit, phone
from launch.build import livekit_server, livekit_sip
from launch.process import Process


def needs_sandbox(env: Environment) -> bool:
    """Whether no real model is set up."""
    return not (env.google_api_key or env.google_genai_use_vertexai)


def all_of(env: Environment) -> list[Process]:
    """Everything that a call on this machine needs."""
    return list(_needed(env))


def _needed(env: Environment) -> Iterator[Process]:
    yield web(env)
    yield tasks()
    if env.phone and env.redis_url is None:
        yield redis(env)
    if livekit.is_ours(env):
        yield media(env)
    if env.phone:
        yield sip(env)
    if needs_sandbox(env):
        yield model(env)
    yield voice(port=env.worker_port)


def _manage(*words: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *words]


def web(env: Environment) -> Process:
    """Admin and API."""
    address = f"127.0.0.1:{env.web_port}"
    threads = ["--worker-class", "gthread", "--threads", str(WEB_THREADS)]
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


def voice(*, port: int, places: int | None = None) -> Process:
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
    program = [str(livekit_server()), "--config", str(livekit.config_file(env))]
    return Process(
        "livekit",
        _after_redis(env, program) if env.phone else program,
        (env.livekit_port, env.livekit_port + 1),
        "LIVEKIT_PORT",
        f"http://127.0.0.1:{env.livekit_port}/",
        udp_ports=(env.livekit_port + 2,),
    )


def redis(env: Environment) -> Process:
    """What LiveKit and its SIP bridge share; kept in memory alone, since trunks and
    rules are made at every start."""
    address = ["--bind", "127.0.0.1", "--port", str(env.redis_port)]
    in_memory = ["--save", "", "--appendonly", "no", "--dir", str(env.state_dir)]
    return Process(
        "redis",
        [phone.redis_server(), *address, *in_memory, "--loglevel", "warning"],
        (env.redis_port,),
        "REDIS_PORT",
        f"tcp://127.0.0.1:{env.redis_port}",
    )


def sip(env: Environment) -> Process:
    """The SIP bridge; `phone.write_config` comes first."""
    program = [str(livekit_sip()), "--config", str(phone.config_file(env))]
    health = phone.health_port(env)
    return Process(
        "sip",
        _after_redis(env, program),
        (env.sip_port, health),
        "SIP_PORT",
        f"http://127.0.0.1:{health}/",
        udp_ports=(env.sip_port,),
    )


def _after_redis(env: Environment, program: list[str]) -> list[str]:
    """Both programs end at once when Redis is not there yet."""
    address = str(phone.redis_settings(env)["address"])
    return [sys.executable, "-m", "launch.after", address, *program]
