"""The LiveKit session of one call: model, local voice activity, text in and out."""

from livekit import rtc
from livekit.agents import AgentSession, inference
from livekit.agents.voice.room_io import RoomOptions, TextOutputOptions

from livekit_worker.gemini import realtime_model
from livekit_worker.plan import CallPlan
from livekit_worker.speech.gate import Gate
from livekit_worker.transcript import Transcript
from tools_app.call_context import CallContext, CallControl

Session = AgentSession[CallContext]


def make_session(plan: CallPlan, gate: Gate, control: CallControl) -> Session:
    """A session with the plan's model, which hears through the gate; tools reach the
    call through its `userdata`.

    Silence is our own policy, not the library's. The local voice activity detector does
    not interrupt (the model does): it gives the true times of the caller's speech. The
    echo warm-up would ignore the caller for the first three seconds.
    """
    return AgentSession(
        llm=realtime_model(plan.config, gate),
        vad=inference.VAD(model="silero"),
        aec_warmup_duration=None,
        user_away_timeout=None,
        userdata=call_context(plan, control),
    )


def call_context(plan: CallPlan, control: CallControl) -> CallContext:
    """The call as its tools see it."""
    return CallContext(
        call_id=plan.call.pk,
        agent_id=plan.call.agent_id or 0,
        agent_name=plan.config.name,
        organization_id=plan.call.organization_id,
        language=plan.config.language,
        caller=plan.person,
        control=control,
    )


def room_options(transcript: Transcript) -> RoomOptions:
    """Sound both ways and the words of both sides; who leaves and why is judged by the
    conversation, and typed lines are taken by `TypedLines`."""
    return RoomOptions(
        text_input=False,
        text_output=TextOutputOptions(next_in_chain=transcript),
        audio_output=False,
        close_on_disconnect=False,
    )


def show_all_words(session: Session, room: rtc.Room) -> None:
    """Show the agent's words from the first on.

    The library drops them until LiveKit has told it of the caller, and by then the
    greeting is being said. Naming the agent again would cut the sentence in two.
    """
    words = session.room_io._agent_tr_output
    if words:
        words.set_participant(room.local_participant.identity)
        words.set_participant = lambda participant: None  # type: ignore[method-assign]
