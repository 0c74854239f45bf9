"""How much an organization may call: per minute, per day, and one number again.

Counted under the lock of places, so that the limits hold under a burst.
"""

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from telephony_app.e164 import spaced
from telephony_app.models import Call, CallEvent, CallingPolicy, CallQuerySet
from telephony_app.outbound.rules import ADMIN, NotAllowed

MINUTE = timedelta(minutes=1)


def check_amounts(number: str, policy: CallingPolicy, now: datetime) -> None:
    """Refuse a call that would be one too many, or the same one again."""
    out = Call.objects.filter(
        organization=policy.organization_id, direction=Call.Direction.OUTBOUND
    )
    # What ended before anybody dialled cost nothing and disturbed nobody.
    dialed = out.filter(Q(ended_at__isnull=True) | Q(dial_claimed_at__isnull=False))
    _check_again(dialed.filter(callee=number), number, policy, now)
    _check_rate(dialed, policy, now)
    _check_minutes(dialed, policy, now)


def _check_again(
    calls: CallQuerySet, number: str, policy: CallingPolicy, now: datetime
) -> None:
    pause = timedelta(minutes=policy.cool_down_minutes)
    last = calls.filter(Q(ended_at__isnull=True) | Q(created_at__gt=now - pause))
    if before := last.first():
        wait = before.created_at + pause - now
        raise NotAllowed(
            "to",
            f"{spaced(number)} was called just now (call {before.pk}). The same number "
            f"is called once in {policy.cool_down_minutes} minutes. {ADMIN}",
            retry_seconds=_seconds(wait),
        )


def _check_rate(calls: CallQuerySet, policy: CallingPolicy, now: datetime) -> None:
    most = policy.calls_per_minute
    lately = calls.filter(created_at__gt=now - MINUTE).order_by("-created_at")
    for first in lately[most - 1 : most]:
        raise NotAllowed(
            "to",
            f"{most} calls a minute are allowed, and as many went out. Wait. {ADMIN}",
            retry_seconds=_seconds(first.created_at + MINUTE - now),
        )


def _check_minutes(calls: CallQuerySet, policy: CallingPolicy, now: datetime) -> None:
    """A call that goes on counts with the longest it may take."""
    local = now.astimezone(ZoneInfo(policy.time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    going_on = calls.filter(ended_at__isnull=True).aggregate(
        seconds=Sum("agent__max_call_seconds")
    )
    spent = _spent(calls.filter(created_at__gte=midnight)) / MINUTE
    if spent + (going_on["seconds"] or 0) / 60 < policy.minutes_per_day:
        return
    tomorrow = midnight + timedelta(days=1) - local
    raise NotAllowed(
        "to",
        f"{policy.minutes_per_day} minutes a day are allowed: {math.ceil(spent)} are "
        f"spent, and calls that go on may take the rest. {ADMIN}",
        retry_seconds=60 if going_on["seconds"] else _seconds(tomorrow),
    )


def _spent(calls: CallQuerySet) -> timedelta:
    """How long somebody, or a voicemail, was on the line in calls that are over."""
    picked_up = CallEvent.objects.filter(
        call=OuterRef("pk"), kind=CallEvent.Kind.PICKED_UP
    )
    began = Coalesce(Subquery(picked_up.values("at")[:1]), "answered_at")
    ended = calls.filter(ended_at__isnull=False).annotate(began=began)
    total = ended.aggregate(total=Sum(F("ended_at") - F("began")))["total"]
    return total or timedelta()


def _seconds(time: timedelta) -> int:
    return max(1, math.ceil(time.total_seconds()))
