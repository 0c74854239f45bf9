"""After `migrate` the tables hold the tools that are installed."""

import logging
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.platform.process import python
from tools_app.models import PlatformTool

# The libraries of the worker are not there, as in a web image without that extra.
WITHOUT_LIVEKIT = """
import sys
sys.modules["livekit.agents"] = None
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
print("migrated")
"""


def test_migrate_writes_the_installed_tools(installed: None, db: None) -> None:
    PlatformTool.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert PlatformTool.objects.filter(key="weather").exists()


def test_flush_leaves_the_tables_empty(installed: None, transactional_db: None) -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert not PlatformTool.objects.exists()


def test_tables_may_be_taken_away(installed: None, transactional_db: None) -> None:
    try:
        call_command("migrate", "tools_app", "zero", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert PlatformTool.objects.filter(key="weather").exists()


def test_without_the_workers_libraries_it_says_so_and_goes_on(tmp_path: Path) -> None:
    own = {"DATABASE_URL": "", "STATE_DIR": str(tmp_path)}
    done = python(WITHOUT_LIVEKIT, DJANGO_SETTINGS_MODULE="tests.settings", **own)
    assert done.stdout.strip() == "migrated"
    assert "livekit.agents is not installed here" in done.stderr
    assert "manage.py sync_tools" in done.stderr


def test_mistake_is_told_and_stops_nothing(
    broken_package: None, db: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="tools_app.after_migrate"):
        call_command("migrate", verbosity=0)
    assert "no_such_module (entry point bad): cannot be imported" in caplog.text
