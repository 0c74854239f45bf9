"""The rows that an incoming call finds: run in the database that is measured."""

import json
import sys

import django

AUTH_TOKEN, ACCOUNT_SID, NUMBER = "c7" * 16, "AC" + "0f" * 16, "+12025550100"


def make() -> dict[str, int]:
    """A number with its account and agent, and a worker that is always alive."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import Organization
    from agents_app.models import Agent
    from telephony_app.models import (
        CallingPolicy,
        PhoneNumber,
        SipBridge,
        TwilioAccount,
        WorkerHeartbeat,
    )

    organization = Organization.objects.create(name="Benchmarks")
    agent = Agent.objects.create(organization=organization, name="Ava")
    agent.publish()
    account = TwilioAccount(organization=organization, account_sid=ACCOUNT_SID)
    account.secrets = {"auth_token": AUTH_TOKEN}  # type: ignore[assignment]
    account.save()
    number = PhoneNumber.objects.create(
        organization=organization, number=NUMBER, agent=agent, max_calls=1_000_000
    )
    CallingPolicy.objects.create(organization=organization, max_calls=1_000_000)
    SipBridge.current()
    later = timezone.now() + timedelta(days=1)
    WorkerHeartbeat.objects.create(
        name="benchmark", agent_name="nobody", places=0, seen_at=later
    )
    return {"number": number.pk, "agent": agent.pk}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(make()))
