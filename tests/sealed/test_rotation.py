"""`manage.py rotate_field_keys`: every secret under the newest key."""

import threading
from io import StringIO
from itertools import count

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from accounts.models import Organization
from sealed.keys import is_newest
from sealed.rows import Column, sealed_columns
from tests.sealed.conftest import PLANTED
from tools_app.models import PlatformTool, ToolSecret


def rotate(**options: object) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("rotate_field_keys", stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def column() -> Column:
    """The column of an organization's secrets."""
    (found,) = [c for c in sealed_columns() if c.model is ToolSecret]
    return found


@pytest.fixture
def changed_keys(row: ToolSecret, new_key: str, settings: Settings) -> list[str]:
    """A new key in front of the one that the row is sealed with."""
    settings.FIELD_ENCRYPTION_KEYS = [new_key, *settings.FIELD_ENCRYPTION_KEYS]
    return list(settings.FIELD_ENCRYPTION_KEYS)


def test_rotated_secret_needs_the_old_key_no_more(
    row: ToolSecret, changed_keys: list[str], settings: Settings
) -> None:
    assert "1 of 1 put under the newest key" in rotate()
    settings.FIELD_ENCRYPTION_KEYS = changed_keys[:1]
    assert ToolSecret.objects.get().secrets.reveal() == {"api_key": PLANTED}


def test_second_run_finds_nothing_to_do(changed_keys: list[str]) -> None:
    rotate()
    assert "ToolSecret.secrets: 0 of 1 put" in rotate()


def test_dry_run_counts_and_changes_nothing(
    row: ToolSecret, changed_keys: list[str]
) -> None:
    assert "1 of 1 would be put" in rotate(dry_run=True)
    assert not is_newest(ToolSecret.objects.get().secrets.token)


def test_rows_are_rotated_in_batches(
    acme: Organization, row: ToolSecret, new_key: str, settings: Settings
) -> None:
    for number in range(6):
        tool = PlatformTool.objects.create(key=f"tool-{number}", name="Tool")
        ToolSecret.objects.create(
            organization=acme, platform_tool=tool, secrets={"n": str(number)}
        )
    settings.FIELD_ENCRYPTION_KEYS = [new_key, *settings.FIELD_ENCRYPTION_KEYS]
    assert "ToolSecret.secrets: 7 of 7 put" in rotate(batch=3)


def test_secret_that_no_key_opens_is_named_and_the_rest_is_done(
    acme: Organization, row: ToolSecret, new_key: str, settings: Settings
) -> None:
    ours = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    tool = PlatformTool.objects.create(key="other", name="Other")
    lost = ToolSecret.objects.create(
        organization=acme, platform_tool=tool, secrets={"key": "lost"}
    )
    settings.FIELD_ENCRYPTION_KEYS = [new_key, *ours]
    out = StringIO()
    with pytest.raises(CommandError, match="1 cannot be opened"):
        call_command("rotate_field_keys", stdout=out, stderr=out)
    assert f"row {lost.pk} cannot be opened" in out.getvalue()
    assert is_newest(ToolSecret.objects.get(pk=row.pk).secrets.token)


def test_row_that_was_changed_meanwhile_is_left_alone(
    row: ToolSecret, changed_keys: list[str], column: Column
) -> None:
    seen = row.secrets
    row.secrets = {"api_key": "newer"}
    row.save()
    assert not column.rotate(row.pk, seen)
    assert ToolSecret.objects.get().secrets.reveal() == {"api_key": "newer"}


@pytest.mark.django_db(transaction=True)
def test_rotation_beside_writers_loses_no_write(
    row: ToolSecret, changed_keys: list[str], column: Column
) -> None:
    done, written = threading.Event(), []

    def write() -> None:
        for number in count():
            ToolSecret.objects.filter(pk=row.pk).update(secrets={"n": number})
            written.append(number)
            if done.is_set():
                break
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(20):
        for batch in column.batches(10):
            for pk, sealed in batch:
                column.rotate(pk, sealed)
    done.set()
    writer.join()
    assert ToolSecret.objects.get().secrets.reveal() == {"n": written[-1]}


def test_batch_of_no_rows_is_refused() -> None:
    with pytest.raises(CommandError, match="1 or more"):
        rotate(batch=0)


def test_new_key_can_be_used(settings: Settings) -> None:
    out = StringIO()
    call_command("new_field_key", stdout=out)
    Fernet(out.getvalue().strip())
