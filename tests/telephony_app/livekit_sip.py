"""LiveKit's trunks and rules, as others than the platform make and remove them."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from livekit import api
from pytest_django import Settings

from config.env import Environment
from launch import livekit, processes
from telephony_app.livekit import client as livekit_client
from telephony_app.livekit import sip_objects
from telephony_app.livekit.client import ask
from telephony_app.livekit.sip_objects import Rule, Trunk
from tests.servers.ports import free_port
from tests.servers.server import Server


def forget_client() -> None:
    """Let the next request to LiveKit read its address anew."""
    if livekit_client._opened.cache_info().currsize:
        client = livekit_client._client()
        closing = client.api.aclose()
        asyncio.run_coroutine_threadsafe(closing, client.loop).result()
    livekit_client._opened.cache_clear()


@pytest.fixture
def bare_livekit(
    environment: Environment, livekit_server: Server, db: None
) -> Iterator[None]:
    """A running LiveKit without any trunk or rule."""
    if not environment.phone:
        pytest.skip("redis-server is not installed")
    _forget_all()
    yield
    _forget_all()


@pytest.fixture
def livekit_without_redis(
    environment: Environment, settings: Settings, tmp_path: Path
) -> Iterator[None]:
    """Another LiveKit, which carries browser calls alone."""
    port = free_port(neighbours=2)
    apart = {"phone": False, "livekit_port": port, "state_dir": tmp_path}
    alone = environment.model_copy(update=apart)
    livekit.write_config(alone)
    # LiveKit reads its port from there, too, and before the file.
    env = os.environ | {"STATE_DIR": str(tmp_path), "LIVEKIT_PORT": str(port)}
    server = Server(processes.media(alone), env=env)
    settings.LIVEKIT_URL = f"ws://127.0.0.1:{port}"
    forget_client()
    try:
        server.start()
        yield
    finally:
        server.sweep()
        forget_client()


def _forget_all() -> None:
    for rule in sip_objects.rules():
        remove(rule)
    for trunk in sip_objects.trunks():
        remove(trunk)


def remove(found: Trunk | Rule) -> None:
    """Delete it from LiveKit."""
    its_id = sip_objects.id_of(found)
    if isinstance(found, Trunk):
        trunk = api.DeleteSIPTrunkRequest(sip_trunk_id=its_id)
        ask(lambda lk: lk.sip.delete_trunk(trunk))
    else:
        rule = api.DeleteSIPDispatchRuleRequest(sip_dispatch_rule_id=its_id)
        ask(lambda lk: lk.sip.delete_dispatch_rule(rule))


def someones_trunk(**values: object) -> Trunk:
    """A trunk that somebody else made."""
    trunk = Trunk(**({"name": "Old PBX", "numbers": ["+15550009999"]} | values))
    trunk.sip_trunk_id = sip_objects.make(trunk)
    return trunk


def someones_rule(*trunk_ids: str) -> Rule:
    """A dispatch rule that somebody else made, into a room of theirs."""
    direct = api.SIPDispatchRuleDirect(room_name="lobby")
    into_lobby = api.SIPDispatchRule(dispatch_rule_direct=direct)
    rule = Rule(name="Lobby", rule=into_lobby, trunk_ids=trunk_ids)
    rule.sip_dispatch_rule_id = sip_objects.make(rule)
    return rule
