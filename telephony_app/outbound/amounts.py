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
    going_on = list(out.open().select_related("version"))
    # What ended before anybody dialled cost nothing and disturbed nobody.
    dialed = out.filter(Q(ended_at__isnull=True) | Q(dial_claimed_at__isnull=False))
    _check_again(number, going_on, dialed, policy, now)
    lately = dialed.filter(created_at__gt=now - MINUTE).order_by("-created_at")
    check_rate(list(lately.values_list("created_at", flat=True)), policy, now)
    today = dialed.filter(created_at__gte=midnight(policy, now))
    may_take = timedelta(seconds=sum(call.limit_seconds for call in going_on))
    check_minutes(_spent(today), may_take, policy, now)


def _check_again(
    number: str,
    going_on: list[Call],
    dialed: CallQuerySet,
    policy: CallingPolicy,
    now: datetime,
) -> None:
    pause = timedelta(minutes=policy.cool_down_minutes)
    lately = dialed.filter(callee=number, created_at__gt=now - pause)
    same = [*(call for call in going_on if call.callee == number), *lately[:1]]
    for before in same[:1]:
        wait = before.created_at + pause - now
        raise NotAllowed(
            "to",
            f"{spaced(number)} was called just now (call {before.pk}). The same number "
            f"is called once in {policy.cool_down_minutes} minutes. {ADMIN}",
            retry_seconds=_seconds(wait),
        )


def check_rate(moments: list[datetime], policy: CallingPolicy, now: datetime) -> None:
    """Refuse one more beside those of the last minute, newest first."""
    most = policy.calls_per_minute
    for first in moments[most - 1 : most]:
        raise NotAllowed(
            "to",
            f"{most} calls a minute are allowed, and as many went out. Wait. {ADMIN}",
            retry_seconds=_seconds(first + MINUTE - now),
        )


def check_minutes(
    spent: timedelta, may_take: timedelta, policy: CallingPolicy, now: datetime
) -> None:
    """Refuse one more where the day's minutes are spent, or may be by calls that go on:
    they count with the longest they may take."""
    if spent + may_take < timedelta(minutes=policy.minutes_per_day):
        return
    tomorrow = midnight(policy, now) + timedelta(days=1) - now
    raise NotAllowed(
        "to",
        f"{policy.minutes_per_day} minutes a day are allowed: "
        f"{math.ceil(spent / MINUTE)} are spent, and calls that go on may take the "
        f"rest. {ADMIN}",
        retry_seconds=60 if may_take else _seconds(tomorrow),
    )


def midnight(policy: CallingPolicy, now: datetime) -> datetime:
    """When the day began where the organization is."""
    local = now.astimezone(ZoneInfo(policy.time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


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
