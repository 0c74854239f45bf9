"""What the agents' lists show of their calls."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import ngettext

from agents_app.admin import AgentAdmin
from agents_app.admin.hooks import Column
from telephony_app.models import Call, CallQuerySet


def _count(calls: CallQuerySet, by: str) -> Any:
    """How many calls each row has; a subquery, so that only rows shown are counted."""
    theirs = calls.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(theirs.annotate(count=Count("pk")).values("count")), 0)


def calls_of_today(by: str) -> Any:
    """How many calls each row has had since midnight; `by` is the call's way to it."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return _count(Call.objects.filter(created_at__gte=midnight), by)


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
    return _count(Call.objects.all(), "version")


def _calls(count: int) -> str:
    return ngettext("%d call", "%d calls", count) % count


AgentAdmin.register_column(Column("calls_today", _calls_today))
AgentAdmin.register_column(Column("last_call", _last_call, ago))
AgentAdmin.register_version_column(Column("call_count", _calls_of_version, _calls))
