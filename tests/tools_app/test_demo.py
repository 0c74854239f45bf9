"""The demo agent can end a call by itself."""

import pytest

from agents_app.demo import make_demo
from agents_app.models import Agent
from tools_app.models import PlatformTool

pytestmark = pytest.mark.django_db


def test_demo_agent_can_hang_up() -> None:
    PlatformTool.objects.get_or_create(key="end_call", defaults={"name": "End call"})
    make_demo()
    [given] = Agent.objects.get().tools.all()
    assert (given.platform_tool.key, given.is_active) == ("end_call", True)


def test_demo_is_made_where_no_tools_are_installed() -> None:
    PlatformTool.objects.all().delete()
    make_demo()
    assert not Agent.objects.get().tools.exists()
