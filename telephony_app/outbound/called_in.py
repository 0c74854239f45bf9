"""People whom callers are put through to over the organization's own line: how many a
minute, and for how long a day.

They count by themselves, with the limits of calls out. Pause and hours do not hold for
them: they are the organization's own people, whom several callers may ask for.
"""

from datetime import datetime, timedelta

from telephony_app.models import CallEvent, CallingPolicy
from telephony_app.outbound.amounts import MINUTE, check_minutes, check_rate, midnight

Kind = CallEvent.Kind
OVER = {Kind.RETURNED, Kind.CALLER_LEFT, Kind.ENDED}


def check_one_more(policy: CallingPolicy, now: datetime) -> None:
    """Refuse a person who would be one too many; raises `NotAllowed`."""
    people = _of_today(policy, now)
    lately = sorted((p.at for p in people if p.at > now - MINUTE), reverse=True)
    check_rate(lately, policy, now)
    talked = sum((_talked(person, now) for person in people), timedelta())
    check_minutes(talked, timedelta(), policy, now)


def _of_today(policy: CallingPolicy, now: datetime) -> list[CallEvent]:
    """Their dialling says to whom; that of a call out, and of Twilio, says nothing."""
    dialed = CallEvent.objects.filter(
        kind=Kind.DIALED,
        call__organization=policy.organization_id,
        call__created_at__gte=midnight(policy, now),
    ).exclude(detail="")
    return list(dialed.select_related("call").prefetch_related("call__events"))


def _talked(dialed: CallEvent, now: datetime) -> timedelta:
    """How long the line was used; until now, as long as nobody tells of an end."""
    ends = [event.at for event in dialed.call.events.all() if _is_over(event)]
    return min((at for at in ends if at >= dialed.at), default=now) - dialed.at


def _is_over(event: CallEvent) -> bool:
    """The worker's end is that of the agent's part: caller and person talk on."""
    is_agents = event.kind == Kind.ENDED and event.source == "worker"
    return event.kind in OVER and not is_agents
