"""Checks of who would answer: the agent, the hours, the voice workers."""

from collections.abc import Iterator

from django.utils import timezone

from telephony_app.calls.places import free_places
from telephony_app.calls.transfers import check_target
from telephony_app.findings import Finding, bad, fine, warning
from telephony_app.models import PhoneNumber, WorkerHeartbeat
from telephony_app.outbound.rules import NotAllowed


def check_agent(number: PhoneNumber) -> Iterator[Finding]:
    """Somebody answers: an agent that is switched on and published."""
    agent = number.agent
    if agent is None:
        yield bad("No agent answers this number.", "Choose one in the form below.")
    elif not agent.published_version_id:
        mend = "Open it and press Save and publish."
        yield bad(f"{agent} was never published.", mend)
    elif not agent.is_active:
        mend = "Open it, tick Takes calls and save."
        yield bad(f"{agent} is switched off.", mend)
    else:
        yield fine(f"{agent} answers.")


def check_switch(number: PhoneNumber) -> Iterator[Finding]:
    """The number is switched on; whether it is open now."""
    if not number.is_active:
        words = "The number is switched off: callers are told that nobody can answer."
        yield warning(words, "Tick Takes calls in the form below.")
    elif not number.is_open(timezone.now()):
        yield fine("Closed now, by its opening hours: callers are told so.")


def check_person(number: PhoneNumber) -> Iterator[Finding]:
    """The person who takes calls when no agent can may be called."""
    if not number.forward_to:
        return
    try:
        check_target(number.organization_id, number.forward_to)
    except NotAllowed as refused:
        yield warning("Nobody is rung when no agent can answer.", str(refused))


def check_workers() -> Iterator[Finding]:
    """A voice worker is alive and can carry one more call."""
    alive = WorkerHeartbeat.objects.alive().filter(is_draining=False).count()
    if not alive:
        mend = "Start one: ./start.sh, or manage.py run_voice_worker."
        yield bad("No voice worker is running.", mend)
    elif not (free := free_places()):
        mend = "Start another worker if this is no passing crowd."
        yield warning("All voice workers are full: callers are told so.", mend)
    else:
        yield fine(f"Voice workers have {free} free places.")
