"""`manage.py rotate_field_keys`: every secret under the newest key."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from accounts.models import Organization
from sealed.handle import Sealed
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


@pytest.fixture
def many(shared_database: None) -> list[int]:
    """Ids of many rows, each with a secret."""
    acme = Organization.objects.create(name="Acme")
    keys = [f"tool-{number}" for number in range(200)]
    tools = [PlatformTool(key=key, name=key) for key in keys]
    rows = [
        ToolSecret(organization=acme, platform_tool=tool, secrets={"n": "old"})
        for tool in PlatformTool.objects.bulk_create(tools)
    ]
    return [row.pk for row in ToolSecret.objects.bulk_create(rows)]


@pytest.fixture
def proxy() -> Iterator[type]:
    """A second view of a model with secrets, on the same table."""

    class ShownSecret(ToolSecret):
        class Meta:
            proxy = True
            app_label = "tools_app"

    yield ShownSecret
    del apps.all_models["tools_app"]["shownsecret"]
    apps.clear_cache()


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
    for dry_run in (True, False):
        out = StringIO()
        with pytest.raises(CommandError, match="1 cannot be opened"):
            call_command("rotate_field_keys", stdout=out, stderr=out, dry_run=dry_run)
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


def test_row_that_an_older_process_changed_meanwhile_is_rotated_too(
    row: ToolSecret, new_key: str, column: Column, settings: Settings
) -> None:
    seen, older = row.secrets, Sealed.of({"api_key": "newer"})
    settings.FIELD_ENCRYPTION_KEYS = [new_key, *settings.FIELD_ENCRYPTION_KEYS]
    ToolSecret.objects.update(secrets=older)
    assert column.rotate(row.pk, seen)
    settings.FIELD_ENCRYPTION_KEYS = [new_key]
    assert ToolSecret.objects.get().secrets.reveal() == {"api_key": "newer"}


def test_row_that_is_gone_meanwhile_is_no_trouble(
    row: ToolSecret, changed_keys: list[str], column: Column
) -> None:
    ToolSecret.objects.all().delete()
    assert not column.rotate(row.pk, row.secrets)


def store(pk: int, sealed: Sealed) -> None:
    """Write as another process does, on a connection of this thread's own."""
    ToolSecret.objects.filter(pk=pk).update(secrets=sealed)
    connections.close_all()


def test_rotation_beside_writers_loses_no_write(
    shared_database: None, many: list[int], new_key: str, settings: Settings
) -> None:
    # Sealed before the new key comes, as by a process that was not restarted yet.
    later = {pk: Sealed.of({"n": pk}) for pk in many}
    settings.FIELD_ENCRYPTION_KEYS = [new_key, *settings.FIELD_ENCRYPTION_KEYS]
    with ThreadPoolExecutor(2) as writers:
        writes = [writers.submit(store, pk, later[pk]) for pk in reversed(many)]
        rotate()
    assert [write.result() for write in writes] == [None] * len(many)
    rotate()
    settings.FIELD_ENCRYPTION_KEYS = [new_key]
    found = {row.pk: row.secrets.reveal() for row in ToolSecret.objects.all()}
    assert found == {pk: {"n": pk} for pk in many}


def test_proxy_of_a_model_is_not_rotated_a_second_time(proxy: type) -> None:
    assert [c.model for c in sealed_columns()].count(ToolSecret) == 1
    assert proxy not in [c.model for c in sealed_columns()]


def test_batch_of_no_rows_is_refused() -> None:
    with pytest.raises(CommandError, match="1 or more"):
        rotate(batch=0)


def test_new_key_can_be_used(settings: Settings) -> None:
    out = StringIO()
    call_command("new_field_key", stdout=out)
    Fernet(out.getvalue().strip())
