"""What the admin's home page shows: what matters now, not which tables there are."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

from accounts.admin_scope import user_of
from accounts.models import Role
from agents_app.models import Agent
from telephony_app.call_page.verdict import verdict
from telephony_app.calls.places import free_places
from telephony_app.days import calls_per_day, failed_percent
from telephony_app.models import Call, PhoneNumber, WorkerHeartbeat

DAYS = 14
AGENTS = 6
CALLS = 8


@dataclass(frozen=True)
class Capacity:
    """What the voice workers that are alive can carry now."""

    workers: int
    places: int
    free: int

    @classmethod
    def now(cls) -> "Capacity":
        """Read from the heartbeats; the page shows what a caller would meet."""
        alive = WorkerHeartbeat.objects.alive()
        places = alive.filter(is_draining=False).aggregate(total=Sum("places"))["total"]
        return cls(workers=alive.count(), places=places or 0, free=free_places())


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context of the admin's home page, scoped to the user's organizations."""
    user = user_of(request)
    calls = Call.objects.for_user(user)
    days = calls_per_day(calls, days=DAYS)
    agents = Agent.objects.for_user(user).marked_for(user)
    numbers = PhoneNumber.objects.for_user(user).active()
    return context | {
        "title": "Home",
        "sandbox": settings.SANDBOX_MODEL,
        "belongs": user.has_role(Role.VIEWER),
        "may_edit": user.has_role(Role.EDITOR),
        "capacity": Capacity.now(),
        "ill_numbers": list(numbers.filter(health=PhoneNumber.Health.ILL)),
        "calls_now": calls.open().count(),
        "days": days,
        "most": max(day.total for day in days) or 1,
        "total": sum(day.total for day in days),
        "failed": sum(day.failed for day in days),
        "failed_percent": failed_percent(days),
        "agents": agents.select_related("published_version")[:AGENTS],
        "latest": [(c, verdict(c)) for c in calls.select_related("agent")[:CALLS]],
    }


def environment_badge(request: HttpRequest) -> list[str]:
    """The badge beside the site's name: says when the model is the sandbox."""
    if settings.SANDBOX_MODEL:
        return ["Sandbox model", "warning"]
    return ["Gemini Live", "success"]
