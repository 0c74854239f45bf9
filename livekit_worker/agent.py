"""`DynamicAgent`: an agent made from a row, not from code."""

from livekit.agents import Agent, ChatContext

from livekit_worker.plan import CallPlan
from livekit_worker.tools.wrapping import Functions
from telephony_app.models import Turn


class DynamicAgent(Agent):
    """The agent of one call: its instructions, what it can do, and what was said
    before this job."""

    def __init__(self, plan: CallPlan, functions: Functions) -> None:
        super().__init__(
            instructions=plan.config.system_prompt,
            chat_ctx=past_conversation(plan),
            tools=functions,
        )


def past_conversation(plan: CallPlan) -> ChatContext:
    """The turns of a resumed call, as the model's memory."""
    context = ChatContext.empty()
    for turn in plan.history:
        context.add_message(
            role="user" if turn.speaker == Turn.Speaker.CALLER else "assistant",
            content=turn.text,
        )
    return context
