"""The running processes as fixtures: one set for the whole test run."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from config.env import BASE_DIR, Environment
from launch import livekit, phone, processes
from tests.servers.database import Database
from tests.servers.server import Server
from tests.servers.stack import Stack, prepare
from tests.standins.places import standin_places

INSTALLED = BASE_DIR / "tests" / "journeys" / "installed"
SERVERS = {"livekit_server", "sandbox_model", "stack", "running_stack", "phone_stack"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the processes: it runs alone, not beside other workers."""
    for item in items:
        if SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker("servers")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Show what the processes said when a test on them fails."""
    report = yield
    arguments = getattr(item, "funcargs", {})
    stack = arguments.get("phone_stack") or arguments.get("stack")
    if report.failed and isinstance(stack, Stack):
        report.sections += [(f"log of {s.process.name}", s.tail) for s in stack.servers]
    return report


@pytest.fixture(scope="session")
def environment() -> Environment:
    """What the processes read, parsed: the test run's ports, keys and folder."""
    return Environment()


@pytest.fixture(scope="session")
def servers_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Database]:
    """The database of the processes."""
    database = Database()
    with django_db_blocker.unblock():
        database.create()
        yield database
        database.drop()


@pytest.fixture(scope="session")
def servers_env(servers_database: Database) -> dict[str, str]:
    """The environment variables of the processes, with the package of
    `tests/journeys/installed` installed."""
    path = os.environ.get("PYTHONPATH", "")
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": servers_database.url,
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(INSTALLED), path])),
        "TOOLS_MAY_REACH": ",".join(standin_places()),
    }


def _run(process: processes.Process, env: dict[str, str]) -> Iterator[Server]:
    server = Server(process, env=env)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis_server(environment: Environment) -> Iterator[Server | None]:
    """LiveKit's Redis; None on a machine without one, where no telephone works."""
    if environment.phone:
        yield from _run(processes.redis(environment), dict(os.environ))
    else:
        yield None


@pytest.fixture(scope="session")
def livekit_server(
    environment: Environment, redis_server: Server | None
) -> Iterator[Server]:
    """A real LiveKit at `settings.LIVEKIT_URL`, reporting to the web process."""
    livekit.write_config(environment)
    yield from _run(processes.media(environment), dict(os.environ))


@pytest.fixture(scope="session")
def sip_bridge(environment: Environment, livekit_server: Server) -> Iterator[Server]:
    """A real SIP bridge at `settings.SIP_HOST`; without one its tests are left out."""
    if not environment.phone:
        pytest.skip("redis-server is not installed")
    phone.write_config(environment)
    try:
        process = processes.sip(environment)
    except SystemExit as without:
        pytest.skip(str(without))
    yield from _run(process, dict(os.environ))


@pytest.fixture(scope="session")
def sandbox_model(environment: Environment) -> Iterator[Server]:
    """The sandbox model at `settings.SANDBOX_MODEL_URL`."""
    yield from _run(processes.model(environment), dict(os.environ))


@pytest.fixture(scope="session")
def running_stack(
    environment: Environment,
    servers_env: dict[str, str],
    redis_server: Server | None,
    livekit_server: Server,
    sandbox_model: Server,
) -> Iterator[Stack]:
    """Everything but voice workers; tests start those as they need them."""
    prepare(servers_env)
    web, tasks = (
        Server(process, env=servers_env)
        for process in (processes.web(environment), processes.tasks())
    )
    stack = Stack(
        servers_env,
        environment,
        livekit=livekit_server,
        model=sandbox_model,
        web=web,
        tasks=tasks,
        redis=redis_server,
    )
    try:
        web.start()
        tasks.start()
        yield stack
    finally:
        for server in reversed([*stack.workers, tasks, web]):
            server.sweep()


@pytest.fixture
def stack(
    running_stack: Stack,
    servers_database: Database,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Stack]:
    """The running platform; while the test runs, the ORM works on its rows."""
    with django_db_blocker.unblock(), servers_database.shared():
        yield running_stack


@pytest.fixture
def phone_stack(stack: Stack, sip_bridge: Server) -> Stack:
    """The running platform with its telephone: `stack.sip` is the SIP bridge."""
    stack.sip = sip_bridge
    if not sip_bridge.is_running:
        sip_bridge.start()
    return stack
