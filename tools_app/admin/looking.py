"""Pages that show how Celery looks at something."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from telephony_app.waiting import is_waiting
from tools_app.tasks import look_at_agent_tools


def look_soon(agent_tools: Iterable[int]) -> None:
    """Have Celery see what comes of these with their settings."""
    ids = list(agent_tools)
    transaction.on_commit(lambda: look_at_agent_tools.delay(ids), robust=True)


def looking(request: HttpRequest, looked_at: datetime | None) -> dict[str, Any]:
    """What the page tells of the look that its address names."""
    return {
        "since": request.GET.get("since", ""),
        "is_looking": is_waiting(request, looked_at),
    }
