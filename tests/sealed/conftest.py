"""A row with a sealed column, and keys to change."""

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from accounts.models import Organization
from tools_app.models import PlatformTool, ToolSecret

PLANTED = "sk-planted-5ecret-a1b2"


@pytest.fixture
def new_key(settings: Settings) -> str:
    """A key that the settings do not know yet."""
    return Fernet.generate_key().decode()


@pytest.fixture
def row(acme: Organization) -> ToolSecret:
    """A stored row that holds a secret."""
    tool = PlatformTool.objects.create(key="weather", name="Weather")
    made = ToolSecret.objects.create(
        organization=acme, platform_tool=tool, secrets={"api_key": PLANTED}
    )
    return ToolSecret.objects.get(pk=made.pk)
