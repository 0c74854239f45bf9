"""The environment is read loudly, and says nothing that could be a secret."""

import pytest
from pytest import MonkeyPatch

from config.env import BASE_DIR, read_environment

BAD = {
    "SECRET_KEY": "short-secret",
    "DEBUG": "perhaps",
    "PUBLIC_BASE_URL": "voice.example.com",
    "WEB_PORT": "0",
    "LIVEKIT_PORT": "70000",
    "SANDBOX_MODEL_PORT": "seven",
    "WORKER_PORT": "-1",
    "SIP_PORT": "65535",
    "SIP_RTP_PORTS": "20000-10000",
    "REDIS_PORT": "seventy",
    "DATABASE_POOL_SIZE": "1",
    "LOG_FORMAT": "xml",
    "LOG_LEVEL": "LOUD",
    "LIVEKIT_URL": "livekit.example.com",
    "LIVEKIT_PUBLIC_URL": "ftp://livekit.example.com",
    "LIVEKIT_API_KEY": "ab",
    "LIVEKIT_API_SECRET": "not-long-enough",
    "AGENT_NAME": "Phone Agent",
    "PHONE": "maybe-later",
    "SIP_HOST": "sip:voice.example.com",
    "SIP_TRANSPORT": "sctp",
    "GOOGLE_GENAI_USE_VERTEXAI": "sometimes",
    "SANDBOX_MODEL_URL": "127.0.0.1:1",
    "TOOLS_MAY_REACH": "10.0.0.0/8,billing.internal",
    "FIELD_ENCRYPTION_KEYS": "pasted-without-its-end",
}


def refusal() -> str:
    """What the start says before it ends."""
    with pytest.raises(SystemExit) as ended:
        read_environment()
    return str(ended.value)


@pytest.mark.parametrize("name", BAD)
def test_bad_value_is_named_and_not_repeated(
    name: str, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setenv(name, BAD[name])
    words = refusal()
    assert f"  {name}: " in words
    if len(BAD[name]) > 2:
        assert BAD[name] not in words


@pytest.mark.parametrize("name", ["SECRET_KEY", "LIVEKIT_API_KEY"])
def test_missing_value_is_named(name: str, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    assert f"  {name}: Field required" in refusal()


def test_vertex_without_its_project_is_named(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    assert "  GOOGLE_CLOUD_PROJECT: " in refusal()


def test_every_bad_value_is_named_at_once(monkeypatch: MonkeyPatch) -> None:
    for name, value in BAD.items():
        monkeypatch.setenv(name, value)
    words = refusal()
    assert all(f"  {name}: " in words for name in BAD)


def test_addresses_follow_the_ports(monkeypatch: MonkeyPatch) -> None:
    for name in ("PUBLIC_BASE_URL", "LIVEKIT_URL", "SANDBOX_MODEL_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEB_PORT", "9001")
    monkeypatch.setenv("LIVEKIT_PORT", "9002")
    monkeypatch.setenv("SANDBOX_MODEL_PORT", "9003")
    env = read_environment()
    assert env.public_base_url == "http://127.0.0.1:9001"
    assert env.livekit_url == "ws://127.0.0.1:9002"
    assert env.sandbox_model_url == "https://127.0.0.1:9003"


def test_bad_port_is_not_blamed_on_its_address(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "x")
    assert "PUBLIC_BASE_URL" not in refusal()


def test_state_folder_is_relative_to_the_project(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIR", "elsewhere")
    assert read_environment().state_dir == BASE_DIR / "elsewhere"


def test_empty_value_means_the_default(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "")
    assert read_environment().web_port == 8000


def test_words_are_split_at_commas(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,")
    assert read_environment().allowed_hosts == ["a.example", "b.example"]


def test_url_loses_its_last_slash(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://voice.example.com/")
    assert read_environment().public_base_url == "https://voice.example.com"


def test_example_file_explains_every_variable() -> None:
    example = (BASE_DIR / ".env.example").read_text()
    names = [name.upper() for name in type(read_environment()).model_fields]
    assert [name for name in names if f"{name}=" not in example] == []


def test_private_places_for_tools_are_hosts_with_ports_or_networks(
    monkeypatch: MonkeyPatch,
) -> None:
    places = "billing.internal:8080, 10.1.0.0/16,[::1]:9000,127.0.0.1"
    monkeypatch.setenv("TOOLS_MAY_REACH", places)
    assert read_environment().tools_may_reach == [
        ("billing.internal", 8080),
        ("10.1.0.0/16", None),
        ("::1", 9000),
        ("127.0.0.1/32", None),
    ]


@pytest.mark.parametrize(
    "ports", ["10000", "10000-10001", "80-9000", "10000-70000", "a-b"]
)
def test_ports_for_sound_hold_at_least_one_call(
    ports: str, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setenv("SIP_RTP_PORTS", ports)
    assert "first and the last port" in refusal()


def test_bridge_is_by_default_on_this_machine(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.delenv("SIP_HOST", raising=False)
    monkeypatch.setenv("SIP_PORT", "5070")
    assert read_environment().sip_host == "127.0.0.1:5070"


@pytest.mark.parametrize(
    ("host", "transport"),
    [
        ("127.0.0.1:5060", "udp"),
        ("localhost", "udp"),
        ("[::1]:5060", "udp"),
        ("sip.example.com", "tls"),
        ("sip.example.com:5061", "tls"),
        ("203.0.113.7", "tls"),
    ],
)
def test_calls_from_elsewhere_are_encrypted(
    host: str, transport: str, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setenv("SIP_HOST", host)
    env = read_environment()
    assert (env.sip_host, env.sip_transport) == (host, transport)


def test_transport_that_is_set_holds(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("SIP_HOST", "sip.example.com")
    monkeypatch.setenv("SIP_TRANSPORT", "tcp")
    assert read_environment().sip_transport == "tcp"
