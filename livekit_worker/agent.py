"""`DynamicAgent`: an agent made from a row, not from code."""

from livekit.agents import Agent, ChatContext

from livekit_worker.plan import CallPlan
from livekit_worker.tools.wrapping import Functions
from telephony_app.models import Turn

KEYS = 'What they key in comes to you as a line: "Pressed keys: 12".'


class DynamicAgent(Agent):
    """The agent of one call: its instructions, what it can do, and what was said
    before this job."""

    def __init__(self, plan: CallPlan, functions: Functions) -> None:
        super().__init__(
            instructions=instructions(plan),
            chat_ctx=past_conversation(plan),
            tools=functions,
        )


def instructions(plan: CallPlan) -> str:
    """What staff wrote, and who is on the telephone."""
    return "\n\n".join(filter(None, [plan.config.prompt, about_the_line(plan)]))


def about_the_line(plan: CallPlan) -> str:
    """What the model is told of a telephone call."""
    if not plan.is_phone:
        return ""
    ours = plan.call.caller if plan.call.goes_out else plan.call.callee
    if plan.call.goes_out:
        who = f"You called {plan.person}, from {ours}."
    else:
        number = plan.person or "withheld"
        who = f"The caller's number is {number}. The caller dialled {ours}."
    return f"This is a telephone call. {who} {KEYS}"


def past_conversation(plan: CallPlan) -> ChatContext:
    """The turns of a resumed call, as the model's memory."""
    context = ChatContext.empty()
    for turn in plan.history:
        context.add_message(
            role="user" if turn.speaker == Turn.Speaker.CALLER else "assistant",
            content=turn.text,
        )
    return context
