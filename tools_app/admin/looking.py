"""Pages that show how Celery looks at something: the address says since when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from tools_app.tasks import look_at_agent_tools

# What answers at all has answered by then.
PATIENCE = timedelta(seconds=60)


def look_soon(agent_tools: Iterable[int]) -> None:
    """Have Celery see what comes of these with their settings."""
    ids = list(agent_tools)
    transaction.on_commit(lambda: look_at_agent_tools.delay(ids), robust=True)


def while_looking(page: str) -> str:
    """The address of a page that shows a look which begins now."""
    return f"{page}?{urlencode({'since': timezone.now().isoformat()})}"


def looking(request: HttpRequest, looked_at: datetime | None) -> dict[str, Any]:
    """What the page tells of the look that its address names."""
    return {
        "since": request.GET.get("since", ""),
        "is_looking": is_looking(request, looked_at),
    }


def is_looking(request: HttpRequest, looked_at: datetime | None) -> bool:
    """Whether somebody asked for a look that is not over yet."""
    since = _moment(request.GET.get("since", ""))
    if since is None or timezone.now() - since > PATIENCE:
        return False
    return looked_at is None or looked_at < since


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
