"""A test call on the way that callers come: as Twilio asks, answers and dials.

An agent's number is called by its signed webhook. An agent without one is called at the
SIP bridge itself, in a room made for the call.
"""

import asyncio
import uuid
from collections.abc import Mapping

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from agents_app.models import Agent
from telephony_app.calls.opening import open_room
from telephony_app.calls.places import take_place
from telephony_app.calls.trial_caller import TrialCaller
from telephony_app.calls.twiml_call import Tell, TwimlCall
from telephony_app.livekit import rooms
from telephony_app.models import Call, PhoneNumber, SipBridge, TwilioAccount
from telephony_app.sip import SipCall
from telephony_app.twilio import twiml
from telephony_app.twilio.trial_webhooks import TrialWebhooks

SOURCE = "trial"


class NoTrial(Exception):
    """No call could be placed; the text says why, and what to do."""


def target_of(name: str) -> PhoneNumber | Agent:
    """The number, or the agent by its id or name (its number, when it has one).

    Raises NoTrial for what is not there, or is there several times.
    """
    if name.startswith("+"):
        number = PhoneNumber.objects.filter(number=name).first()
        if number is None:
            raise NoTrial(f"{name} is no number of this platform.")
        return number
    by_id = Q(pk=int(name)) if name.isdecimal() else Q()
    agents = list(Agent.objects.filter(Q(name__iexact=name) | by_id)[:2])
    if len(agents) != 1:
        found = "Several agents are" if agents else "No agent is"
        raise NoTrial(f"{found} called {name!r}. Name one by its id, or its number.")
    return agents[0].phone_numbers.active().first() or agents[0]


def place(
    target: PhoneNumber | Agent, *, caller: str, person: TrialCaller, tell: Tell
) -> Call | None:
    """Call, talk, hang up; the call's row, when there came to be one.

    Raises NoTrial for a number without an account, `WebhookFailed` when our own webhook
    does not do its part, and `CallRefused` for an agent that cannot take the call.
    """

    async def talk(call: SipCall) -> None:
        await person.talk(call, tell)

    if isinstance(target, Agent):
        tell(f"{target} has no number: its room is called, and no webhook asked.")
        return _call_agent(target, TwimlCall(caller, ask=_nobody, talk=talk, tell=tell))
    webhooks = TrialWebhooks(_account_of(target), caller=caller, callee=target.number)
    trial = TwimlCall(caller, ask=webhooks.ask, talk=talk, tell=tell)
    document = webhooks.send(twiml.webhook_url("twilio-incoming"), {})
    tell("Our webhook answered.")
    asyncio.run(trial.follow(document))
    return Call.objects.filter(call_sid=webhooks.call_sid).first()


@sensitive_variables()
def _call_agent(agent: Agent, trial: TwimlCall) -> Call:
    call_id = uuid.uuid4()
    call = Call(
        id=call_id,
        organization=agent.organization,
        agent=agent,
        version=agent.published_version,
        direction=Call.Direction.INBOUND,
        caller=trial.caller,
        room=rooms.room_name(agent.pk, SOURCE, secret_of=str(call_id)),
    )
    open_room(take_place(call, source=SOURCE), source=SOURCE)
    asyncio.run(trial.follow(twiml.connect(call, agent.config, SipBridge.current())))
    return call


async def _nobody(url: str, form: Mapping[str, str]) -> str:
    """No number, so nobody reports to Twilio's webhooks."""
    return twiml.hang_up()


def _account_of(number: PhoneNumber) -> TwilioAccount:
    try:
        account: TwilioAccount = number.organization.twilio_account
    except ObjectDoesNotExist as error:
        raise NoTrial(
            f"{number.organization} has no Twilio account, whose token signs what is "
            "asked about its numbers. Add one, or call the agent by its name."
        ) from error
    return account
