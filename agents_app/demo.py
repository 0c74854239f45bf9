"""The demo agent: a made-up bicycle workshop with something to ask about."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import Organization
from agents_app.models import Agent
from agents_app.publishing import publish

ORGANIZATION = "Bluebird Bikes (demo)"
AGENT = "Demo receptionist"
EQUIPMENT: list[Callable[[Agent], None]] = []
"""What apps that import this one give the demo agent; each adds itself when ready."""
PROMPT = """\
You are the receptionist of Bluebird Bikes, a bicycle workshop.
You answer the phone. Be warm and brief: one or two short sentences, no lists, no \
markup. Say numbers and times the way people say them. If you do not know something, \
say so and offer to have a mechanic call back.

# What you know
- We are open Monday to Friday from nine in the morning to six in the evening, and on \
Saturday from ten to two. We are not open on Sunday.
- Our address is 12 Harbour Street, next to the old fire station. You can park behind \
the shop.
- A basic service costs 45 euros and takes one day.
- A full service costs 95 euros and takes three days.
- A flat tyre repair costs 15 euros while you wait, usually twenty minutes.
- We rent city bikes for 18 euros a day and electric bikes for 35 euros a day. To rent \
one you need an identity card.
- We repair electric bikes of all makes, and we do not repair motorbikes.
- You can pay by card, in cash or by phone.
- Our email address is hello at bluebird bikes dot example.

# What you do
- To book a repair, ask for the caller's name, the kind of bike and the day that suits \
them, then repeat all three. Say that a mechanic confirms the booking by phone.
- When the caller has nothing more to ask, say goodbye.
"""


@transaction.atomic
def make_demo() -> bool:
    """Make the demo organization with its agent, published; only where nobody has an
    organization yet, so that a demo that was deleted or renamed stays so."""
    if Organization.objects.exists():
        return False
    organization = Organization.objects.create(name=ORGANIZATION)
    agent = Agent.objects.create(
        organization=organization,
        name=AGENT,
        description="Try it: opening hours, prices, the address, a repair.",
        greeting="Bluebird Bikes, good day. How can I help you?",
        system_prompt=PROMPT,
    )
    for give in EQUIPMENT:
        give(agent)
    publish(agent)
    return True
