"""The rows of tools."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Organization, User
from tools_app.models import Health, PlatformTool

SCHEMA = {"type": "object", "properties": {"zebra": {}, "a": {}, "middle": {}}}


def make(key: str, organization: Organization | None = None) -> PlatformTool:
    return PlatformTool.objects.create(key=key, name=key, organization=organization)


def test_schema_keeps_the_order_of_its_properties(db: None) -> None:
    PlatformTool.objects.create(key="a", name="A", config_schema=SCHEMA)
    schema = PlatformTool.objects.get(key="a").config_schema
    assert schema == SCHEMA
    assert list(schema["properties"]) == ["zebra", "a", "middle"]


def test_key_is_unique_for_everybody_and_in_an_organization(
    acme: Organization, rival: Organization
) -> None:
    for owner in (None, acme, rival):
        make("crm", owner)
        with pytest.raises(IntegrityError), transaction.atomic():
            make("crm", owner)


def test_taken_key_is_said_in_words(db: None) -> None:
    make("crm")
    with pytest.raises(ValidationError, match="choose another key"):
        PlatformTool(key="crm", name="Second").full_clean()


def test_organization_sees_its_tools_and_everybodys(
    acme: Organization, rival: Organization, vic: User
) -> None:
    PlatformTool.objects.all().delete()
    for key, owner in {"ours": acme, "theirs": rival, "all": None}.items():
        make(key, owner)
    seen = PlatformTool.objects.for_user(vic).values_list("key", flat=True)
    usable = PlatformTool.objects.usable_in(acme.pk).values_list("key", flat=True)
    assert sorted(seen) == sorted(usable) == ["all", "ours"]


def test_health_is_noted_with_its_time_and_no_endless_detail(db: None) -> None:
    tool = make("crm")
    tool.note_health(Health.BAD, "x" * 900)
    tool.refresh_from_db()
    assert tool.health == Health.BAD
    assert len(tool.health_detail) == 500
    assert tool.checked_at
