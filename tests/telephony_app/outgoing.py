"""An organization that may call out, for tests of what it may call."""

from datetime import UTC, datetime
from typing import Any

from agents_app.models import Agent
from telephony_app.models import Call, CallingPolicy, PhoneNumber, TwilioAccount

OURS, THEIRS = "+15550002222", "+12025550123"
# A Monday, 12 o'clock in Washington.
MIDDAY = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def let_call_out(
    agent: Agent,
    *,
    number: str = OURS,
    account: dict[str, Any] | None = None,
    **limits: Any,
) -> CallingPolicy:
    """Give the agent a number, its organization a trunk and leave to call the US."""
    organization = agent.organization
    PhoneNumber.objects.create(organization=organization, number=number, agent=agent)
    trunk = {
        "account_sid": f"AC{organization.pk:032x}",
        "termination_host": "acme.pstn.twilio.com",
    }
    TwilioAccount.objects.create(organization=organization, **(trunk | (account or {})))
    values = {"may_call_out": True, "countries": ["US"], "calling_hours": ""}
    return CallingPolicy.objects.create(organization=organization, **(values | limits))


def out_call(agent: Agent, **fields: Any) -> Call:
    """A call out that was dialled at midday and goes on."""
    values = {
        "organization": agent.organization,
        "version": agent.published_version,
        "direction": Call.Direction.OUTBOUND,
        "callee": "+12025550199",
        "room": f"agent-{agent.pk}-out-{Call.objects.count()}",
        "created_at": MIDDAY,
        "dial_claimed_at": MIDDAY,
    }
    return Call.objects.create(agent=agent, **(values | fields))
