"""The LiveKit agents server, set up so that no call is dropped in silence."""

import os
import socket
import uuid

from django.conf import settings
from livekit.agents import AgentServer

from livekit_worker import entrypoint

# LiveKit gives a worker at a load of 0.7 or more no job, without a word
# (livekit-server pkg/agent), so a full worker reports just less than that.
FULL_LOAD = 0.69
IDLE_PROCESSES = 2
INITIALIZE_SECONDS = 60
DRAIN_SECONDS = 3600


def make_server(*, places: int) -> AgentServer:
    """A server that takes up to `places` calls, each in a process of its own.

    The load counts live calls, never the processor: the default refuses bursts while
    the processor is busy starting the first of them.
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
        load_fnc=lambda srv: FULL_LOAD * len(srv.active_jobs) / places,
        load_threshold=FULL_LOAD,
        job_memory_warn_mb=600,
    )
    server.rtc_session(
        entrypoint.entrypoint,
        agent_name=settings.AGENT_NAME,
        on_request=entrypoint.accept,
        on_session_end=entrypoint.write_the_rest,
    )
    return server


def new_worker_name() -> str:
    """A name that no other worker has or had."""
    return f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
