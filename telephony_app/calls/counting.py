"""How many calls there are where a new one needs a place, in one statement.

By hand, because callers wait for it one after the other. It runs on PostgreSQL and
SQLite alike.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from telephony_app.e164 import is_telephone
from telephony_app.models import HEARTBEAT_FRESH, Call, CallingPolicy

# What a draining worker still carries takes no place of the others. Calls that were
# declined because their telephone called too often do not count as called again. The
# last line is the condition of the index of open calls, word by word: SQLite uses it
# for no other.
COUNT = """
select
    count(*) filter (where c.phone_number_id = %(number)s),
    count(*) filter (where c.organization_id = %(organization)s),
    count(*) filter (where w.is_draining is not true),
    (select coalesce(sum(places), 0) from telephony_app_workerheartbeat
        where seen_at >= %(fresh)s and not is_draining),
    coalesce((select max_calls from telephony_app_callingpolicy
        where organization_id = %(organization)s), %(limit)s),
    (select count(*) from telephony_app_call
        where caller = %(caller)s and organization_id = %(organization)s
            and created_at > %(minute)s
            and direction = 'inbound' and cause <> 'declined'),
    (select count(*) from telephony_app_call
        where caller = %(caller)s and organization_id = %(organization)s
            and created_at > %(hour)s
            and direction = 'inbound' and cause <> 'declined')
from telephony_app_call c
left join telephony_app_workerheartbeat w on w.id = c.worker_id
where not c.state = 'ended'
"""
USUAL_LIMIT = CallingPolicy._meta.get_field("max_calls").default


class Count(NamedTuple):
    """Open calls of a number, of an organization, and of the workers that stay; these
    workers' places and the organization's limit; how often the telephone called the
    organization within a minute and within an hour, 0 for one that hides its number."""

    of_number: int = 0
    of_organization: int = 0
    carried: int = 0
    places: int = 0
    limit: int = USUAL_LIMIT
    in_minute: int = 0
    in_hour: int = 0


def count(call: Call | None = None) -> Count:
    """Where that call would need a place; without one, of the workers alone."""
    now = timezone.now()
    since = {"fresh": HEARTBEAT_FRESH, "minute": timedelta(minutes=1)}
    since |= {"hour": timedelta(hours=1)}
    adapted = connection.ops.adapt_datetimefield_value
    moments = {name: adapted(now - span) for name, span in since.items()}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {**moments, **_whose(call), "limit": USUAL_LIMIT})
        return Count(*cursor.fetchone())


def _whose(call: Call | None) -> dict[str, str | int | None]:
    if call is None:
        return {"number": None, "organization": None, "caller": None}
    return {
        "number": call.phone_number_id,
        "organization": call.organization_id,
        "caller": call.caller if is_telephone(call.caller) else None,
    }
