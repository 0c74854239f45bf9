"""Pages that wait for a task: the address says since when."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

# After this a task that has not ended is likely to wait for a worker that is not there.
PATIENCE = timedelta(seconds=60)


def while_waiting(page: str) -> str:
    """The address of a page that waits for what begins now."""
    return f"{page}?{urlencode({'since': timezone.now().isoformat()})}"


def is_waiting(request: HttpRequest, done_at: datetime | None) -> bool:
    """Whether what the page waits for has not ended, and may yet."""
    since = _moment(request.GET.get("since", ""))
    if since is None or timezone.now() - since > PATIENCE:
        return False
    return done_at is None or done_at < since


def was_in_vain(request: HttpRequest, done_at: datetime | None) -> bool:
    """Whether it never came."""
    since = _moment(request.GET.get("since", ""))
    is_over = since is not None and not is_waiting(request, done_at)
    return bool(is_over and since and (done_at is None or done_at < since))


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
