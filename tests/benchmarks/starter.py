"""The raw starter agent: what LiveKit's own starting point does, and nothing more.

Run as `python -m tests.benchmarks.starter start`. The environment says under which
name it is called and whether it counts its load by calls, as our worker does, or by
the processor, as the library does.
"""

import os

from google.genai import types
from livekit.agents import Agent, AgentServer, AgentSession, JobContext, cli, inference
from livekit.plugins import google

from tests.benchmarks.script import GREETING, MODEL, VOICE, prompt

NAME = "STARTER_NAME"
COUNTS_CALLS = "STARTER_COUNTS_CALLS"
MODEL_URL = "STARTER_MODEL_URL"
IDLE_PROCESSES = 2
PLACES = 20


def load_of(server: AgentServer) -> float:
    """The share of `PLACES` that is taken, below the 0.7 at which calls stop coming."""
    return 0.69 * len(server.active_jobs) / PLACES


server = AgentServer(
    host="127.0.0.1",
    port=0,
    num_idle_processes=IDLE_PROCESSES,
    load_fnc=load_of if os.environ.get(COUNTS_CALLS) else None,
)


@server.rtc_session(agent_name=os.environ.get(NAME, "starter"))
async def entrypoint(ctx: JobContext) -> None:
    """Join, and let the model greet."""
    session: AgentSession[None] = AgentSession(
        llm=google.realtime.RealtimeModel(
            model=MODEL,
            voice=VOICE,
            api_key="sandbox",
            http_options=types.HttpOptions(base_url=os.environ[MODEL_URL]),
        ),
        vad=inference.VAD(model="silero"),
    )
    await session.start(Agent(instructions=prompt(GREETING)), room=ctx.room)
    await ctx.connect()
    await session.generate_reply(instructions="Greet the caller.")


if __name__ == "__main__":
    cli.run_app(server)
