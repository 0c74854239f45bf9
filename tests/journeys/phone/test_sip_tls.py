"""The bridge as production runs it: its signalling is encrypted."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from agents_app.models import Agent
from launch import phone, processes
from telephony_app.livekit import bridge
from telephony_app.models import SipBridge
from tests.journeys.conftest import ended
from tests.journeys.phone.incoming import room_for
from tests.journeys.phone.telephone import Telephone
from tests.servers.ports import free_port, port_range
from tests.servers.server import Server
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this machine trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


@pytest.fixture
def tls_port(
    phone_stack: Stack, authority: trustme.CA, tmp_path: Path
) -> Iterator[int]:
    """The port of a second bridge, which takes encrypted calls too."""
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    for part in certificate.cert_chain_pems:
        part.write_to_path(tmp_path / "chain.pem", append=True)
    port = free_port(neighbours=2)
    files = {"cert_file": f"{tmp_path}/chain.pem", "key_file": f"{tmp_path}/key.pem"}
    config = phone.config(phone_stack.settings) | {
        "sip_port": port,
        "tls": {"port": port + 1, "certs": [files]},
        "health_port": port + 2,
        "rtp_port": port_range(20),
    }
    (tmp_path / "sip.yaml").write_text(json.dumps(config))
    process = processes.sip(phone_stack.settings)
    command = [*process.command[:-1], str(tmp_path / "sip.yaml")]
    health = f"http://127.0.0.1:{port + 2}/"
    server = Server(
        replace(process, name="sip-tls", command=command, health=health),
        env=phone_stack.env,
    )
    server.start()
    yield port + 1
    server.stop()


def test_encrypted_call_reaches_the_agent(
    phone_stack: Stack, receptionist: Agent, tls_port: int
) -> None:
    bridge.set_up()
    phone_stack.worker()
    call, row = room_for(receptionist), SipBridge.current()
    password = row.secrets.reveal()["password"]
    address = f"sip:{call.room}@localhost:{tls_port};transport=tls"
    with Telephone(address, user=row.username, password=password) as caller:
        caller.is_answered()
        caller.hears_voice()
    ended(phone_stack, call)
