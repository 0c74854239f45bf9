"""Calls counted by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from telephony_app.models import FAILURES, CallQuerySet

FAILED = Q(cause__in=FAILURES)


@dataclass(frozen=True)
class Day:
    """How many calls began on a day, and in how many we let the caller down."""

    date: date
    total: int = 0
    failed: int = 0


def calls_per_day(calls: CallQuerySet, *, days: int) -> list[Day]:
    """The last days up to today, oldest first, those without calls too; one query."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    begun = timezone.make_aware(datetime.combine(first, time.min))
    counted = (
        calls.filter(created_at__gte=begun)
        .order_by()
        .values(date=TruncDate("created_at"))
        .annotate(total=Count("pk"), failed=Count("pk", filter=FAILED))
    )
    found = {row["date"]: Day(**row) for row in counted}
    dates = [first + timedelta(days=n) for n in range(days)]
    return [found.get(date, Day(date)) for date in dates]


def failed_percent(days: Sequence[Day]) -> int | None:
    """The share of failed calls; None without calls. A failure never rounds to 0."""
    total, failed = sum(day.total for day in days), sum(day.failed for day in days)
    if not total:
        return None
    return max(round(100 * failed / total), 1 if failed else 0)
