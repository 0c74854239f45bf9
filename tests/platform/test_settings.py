"""Settings as a process gets them from its environment."""

import json
from typing import Any

import pytest

from config.env import WEB_THREADS
from tests.platform.process import python

READ = """
import json, sys
from django.conf import settings
found = {name: getattr(settings, name) for name in sys.argv[1:]}
print(json.dumps(found, default=str))
"""

PRODUCTION = {
    "PUBLIC_BASE_URL": "https://voice.example.com",
    "DATABASE_URL": "postgres://someone:hidden@db.example.com/voice",
    "REDIS_URL": "redis://cache.example.com/0",
}


def settings_with(names: list[str], **variables: str) -> dict[str, Any]:
    """Settings of a process that starts with these environment variables."""
    found: dict[str, Any] = json.loads(python(READ, *names, **variables).stdout)
    return found


def test_one_machine_needs_no_server() -> None:
    found = settings_with(
        ["DATABASES", "CELERY_BROKER_URL", "SANDBOX_MODEL"],
        DATABASE_URL="",
        REDIS_URL="",
    )
    database = found["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "WAL" in database["OPTIONS"]["init_command"]
    assert found["CELERY_BROKER_URL"] == "filesystem://"
    assert found["SANDBOX_MODEL"] is True


def test_postgresql_gets_a_checked_pool() -> None:
    database = settings_with(["DATABASES"], **PRODUCTION)["DATABASES"]["default"]
    assert database["CONN_HEALTH_CHECKS"] is True
    assert database["OPTIONS"]["pool"]["max_size"] == WEB_THREADS + 4


def test_redis_carries_tasks_and_cache() -> None:
    found = settings_with(["CELERY_BROKER_URL", "CACHES"], **PRODUCTION)
    assert found["CELERY_BROKER_URL"] == PRODUCTION["REDIS_URL"]
    assert found["CACHES"]["default"]["LOCATION"] == PRODUCTION["REDIS_URL"]


def test_https_address_makes_everything_strict() -> None:
    names = ["SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
    assert all(settings_with(names, **PRODUCTION).values())


def test_public_host_is_allowed_without_being_listed() -> None:
    found = settings_with(["ALLOWED_HOSTS"], ALLOWED_HOSTS="web", **PRODUCTION)
    assert found["ALLOWED_HOSTS"] == ["web", "voice.example.com"]


@pytest.mark.parametrize(
    "variable",
    [
        {"GOOGLE_API_KEY": "k"},
        {"GOOGLE_GENAI_USE_VERTEXAI": "true", "GOOGLE_CLOUD_PROJECT": "p"},
    ],
)
def test_google_account_replaces_the_sandbox(variable: dict[str, str]) -> None:
    assert settings_with(["SANDBOX_MODEL"], **variable)["SANDBOX_MODEL"] is False
