"""Calls out: from a request to a room in which an agent dials."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from accounts.models import User
from agents_app.config import AgentConfig
from agents_app.models import Agent
from agents_app.variables import LONGEST
from telephony_app.calls.lifecycle import record
from telephony_app.calls.opening import CallRefused, inactive, open_room
from telephony_app.calls.places import PLACES_LOCK, take_place
from telephony_app.livekit import rooms
from telephony_app.locks import alone
from telephony_app.models import Call, CallEvent, CallingPolicy, Cause, PhoneNumber
from telephony_app.outbound.amounts import check_amounts
from telephony_app.outbound.rules import (
    NotAllowed,
    caller_id,
    check_hours,
    check_number,
    policy_of,
)

SOURCE = "outbound"
KEY = "Idempotency-Key"


@dataclass(frozen=True)
class Order:
    """What somebody wants: that the agent calls `to`, an E.164 number.

    `caller` is the number to be seen, one of the organization's; empty for the agent's
    own. `variables` fill the agent's. `key` is the client's own name for the request.
    """

    agent: Agent
    to: str
    by: User
    caller: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def digest(self) -> str | None:
        """The key as the call's row keeps it."""
        return hashlib.sha256(self.key.encode()).hexdigest() if self.key else None


def call_out(order: Order) -> Call:
    """Open the call, or find the one that the same request opened before.

    A worker dials when it is ready. Raises `NotAllowed` for what the rules forbid, and
    `CallRefused` when the call cannot be carried now.
    """
    if before := _opened_before(order):
        return before
    now = timezone.now()
    policy, number = _allowed(order, now)
    with alone(PLACES_LOCK):
        if before := _opened_before(order):
            return before
        check_amounts(order.to, policy, now)
        call = take_place(_row(order, number), source=SOURCE)
    try:
        open_room(call, source=SOURCE)
    except CallRefused:
        Call.objects.filter(pk=call.pk).update(request_key=None)
        raise
    return call


def claim_dial(call: Call) -> bool:
    """Whether the one who asks is to dial: the first one, while the call is open.

    Written down with the claim, for who dials may die right then.
    """
    unclaimed = Call.objects.open().filter(pk=call.pk, dial_claimed_at__isnull=True)
    with transaction.atomic():
        is_ours = bool(unclaimed.update(dial_claimed_at=timezone.now()))
        if is_ours:
            record(call, CallEvent.Kind.DIALED, source="worker", key="dialed")
    return is_ours


def note_answer(call: Call, sip_status: int) -> None:
    """Keep what the other side answered to our INVITE."""
    Call.objects.filter(pk=call.pk).update(sip_status=sip_status)


def _opened_before(order: Order) -> Call | None:
    """The call of a request of this key; raises `NotAllowed` for another request."""
    if not order.key:
        return None
    same = Call.objects.filter(request_key=order.digest)
    call = same.filter(organization=order.agent.organization_id).first()
    if call and not _is_of(order, call):
        raise NotAllowed(KEY, f"{KEY} was used for another request: take a new one.")
    return call


def _is_of(order: Order, call: Call) -> bool:
    asked = (order.agent.pk, order.to, order.caller or call.caller)
    given = (call.agent_id, call.callee, call.caller)
    return asked == given and dict(order.variables) == call.variables


def _allowed(order: Order, now: datetime) -> tuple[CallingPolicy, PhoneNumber]:
    """The policy, and the number to call from, when the rules let the call go out."""
    check_variables(published_config(order.agent), order.variables)
    policy = policy_of(order.agent.organization)
    check_number(order.to, policy)
    check_hours(order.to, policy, now)
    return policy, caller_id(order.agent, order.caller)


def published_config(agent: Agent) -> AgentConfig:
    """What the agent's calls run; raises `CallRefused` or `NotAllowed` without one."""
    if not agent.takes_calls or agent.published_version is None:
        raise CallRefused(Cause.AGENT_INACTIVE, inactive(agent))
    try:
        return agent.published_version.config
    except ValidationError as error:
        raise NotAllowed(
            "agent_id",
            f"{agent}'s settings are not usable any more: open it, mend what its form "
            "complains of, and save it.",
        ) from error


def check_variables(config: AgentConfig, values: Mapping[str, str]) -> None:
    """Refuse names that the agent did not declare, and values longer than a line."""
    unknown = sorted(values.keys() - config.variables.keys())
    if unknown:
        known = ", ".join(config.variables) or "none"
        raise NotAllowed(
            "variables",
            f"{config.name} has no variable {', '.join(unknown)}. It has: {known}.",
        )
    for name, value in values.items():
        if len(value) > LONGEST:
            raise NotAllowed(
                "variables",
                f"{name} has {len(value)} characters. Shorten it to {LONGEST}.",
            )


def _row(order: Order, number: PhoneNumber) -> Call:
    call_id = uuid.uuid4()
    return Call(
        id=call_id,
        organization=order.agent.organization,
        agent=order.agent,
        version=order.agent.published_version,
        direction=Call.Direction.OUTBOUND,
        started_by=order.by,
        phone_number=number,
        caller=number.number,
        callee=order.to,
        variables=dict(order.variables),
        request_key=order.digest,
        room=rooms.room_name(order.agent.pk, number.number, secret_of=str(call_id)),
    )
