"""The LiveKit agents server, set up so that no call is dropped in silence."""

import math
import os
import socket
import uuid
from functools import partial

from django.conf import settings
from livekit.agents import AgentServer

from agents_app.config import LONGEST_CALL_SECONDS
from livekit_worker import entrypoint

# LiveKit gives a worker at a load of 0.7 or more no job, without a word
# (livekit-server pkg/agent), so no worker ever reports that much.
FULL_LOAD = 0.69
IDLE_PROCESSES = 2
INITIALIZE_SECONDS = 60
# The longest call, its goodbye, and what is still written after it.
DRAIN_SECONDS = LONGEST_CALL_SECONDS + 300


def make_server(*, places: int) -> AgentServer:
    """A server that takes up to `places` calls, each in a process of its own.

    Whether there is a place is judged by the calls in the database, when a job is
    offered (`claiming`). The library would count processes: those of calls that are
    over as well, and of a burst it takes two jobs and refuses the rest. The load tells
    LiveKit which of several workers has most to do; by default it would be the
    processor's, and a burst refused while the first calls of it start.
    """
    os.environ.setdefault("LIVEKIT_AGENTS_PRELOAD_LOCAL_INFERENCE", "0")
    server = AgentServer(
        ws_url=settings.LIVEKIT_URL,
        api_key=settings.LIVEKIT_API_KEY,
        api_secret=settings.LIVEKIT_API_SECRET,
        host="127.0.0.1",
        port=0,
        setup_fnc=entrypoint.setup,
        preload_modules=["livekit_worker.preload"],
        num_idle_processes=min(IDLE_PROCESSES, places),
        initialize_process_timeout=INITIALIZE_SECONDS,
        drain_timeout=DRAIN_SECONDS,
        load_fnc=lambda srv: min(1, len(srv.active_jobs) / places) * FULL_LOAD,
        load_threshold=math.inf,
        # Each look at a process's memory would halt it for 30 ms.
        job_memory_warn_mb=0,
    )
    server.rtc_session(
        entrypoint.entrypoint,
        agent_name=settings.AGENT_NAME,
        on_request=partial(entrypoint.accept, is_full=partial(is_full, server, places)),
        on_session_end=entrypoint.write_the_rest,
    )
    return server


def is_full(server: AgentServer, places: int) -> bool:
    """Whether every place has a job, or one that is being started.

    Asked while a job is offered, which holds one of the library's slots itself.
    """
    return len(server.active_jobs) + server._reserved_slots > places


def new_worker_name() -> str:
    """A name that no other worker has or had."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
