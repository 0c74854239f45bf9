"""What the agents' lists show of their calls."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import ngettext

from agents_app.admin import AgentAdmin
from agents_app.admin.hooks import Column
from telephony_app.models import Call


def calls_of_today(by: str) -> Any:
    """How many calls each row has had since midnight; `by` is the call's way to it."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Call.objects.filter(created_at__gte=midnight).count_by(by)


def _calls_today() -> Any:
    return calls_of_today("agent")


def _last_call() -> Any:
    return Subquery(Call.objects.filter(agent=OuterRef("pk")).values("created_at")[:1])


def ago(moment: datetime | None) -> str:
    """How long ago that was, in words."""
    if moment is None:
        return "never"
    is_new = timezone.now() - moment < timedelta(minutes=1)
    return "just now" if is_new else f"{timesince(moment, depth=1)} ago"


def _calls_of_version() -> Any:
    return Call.objects.count_by("version")


def _calls(count: int) -> str:
    return ngettext("%d call", "%d calls", count) % count


AgentAdmin.register_column(Column("calls_today", _calls_today))
AgentAdmin.register_column(Column("last_call", _last_call, ago))
AgentAdmin.register_version_column(Column("call_count", _calls_of_version, _calls))
