"""What every job process shares: loaded once in the fork server, before the first call.

Nothing here may touch the database, start a thread or an event loop: the connection
or lock would be torn between the children. Each first use below cost a caller 50 to
250 ms of silence when it happened in a call.
"""

import os
import re
import signal
from collections.abc import Iterable

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

import anyio._backends._asyncio  # noqa: E402, F401
import django.db.models.sql.compiler  # noqa: E402
import numpy.fft  # noqa: E402, F401
from django.db import connections  # noqa: E402
from google.genai import types  # noqa: E402
from livekit.agents import llm, metrics, tokenize  # noqa: E402
from livekit.agents.llm import async_toolset  # noqa: E402, F401
from livekit.agents.utils import http_context  # noqa: E402
from livekit.agents.voice import events  # noqa: E402
from livekit.plugins.google.realtime import realtime_api  # noqa: E402
from pydantic import BaseModel  # noqa: E402

from livekit_worker import conversation, gemini, plan  # noqa: E402, F401
from tools_app.code_tools.registry import registry  # noqa: E402
from tools_app.network.guarded_socket import trusted  # noqa: E402

SPOKEN_WITH_GEMINI = re.compile(
    "AudioTranscription|Blob|Content|Context|Generation|Http|Live|Modality|Part|Prebuilt"
    "|Session|Sliding|Speech|Tool|Transcription|Usage|Voice"
)


def build_models(candidates: Iterable[object]) -> None:
    """Build the validators that pydantic puts off until a class is first used, those of
    classes within classes too."""
    for model in candidates:
        if isinstance(model, type(BaseModel)) and model is not BaseModel:
            model.model_rebuild()
            build_models(vars(model).values())


def touch_first_uses() -> None:
    """Pay now for what the libraries build at first use."""
    gemini.tls_context()
    trusted()
    registry()
    http_context._create_ssl_context()
    for module in (events, metrics.base, realtime_api):
        build_models(vars(module).values())
    build_models(
        value for name, value in vars(types).items() if SPOKEN_WITH_GEMINI.match(name)
    )
    # Written out and not sent: Django reads its models when it writes a statement.
    plan.carried("", "preload").order_by("pk").query.sql_with_params()
    tokenize.basic.hyphenate_word("preload")
    llm.ChatContext.empty().add_message(role="user", content="preload")
    llm.AgentConfigUpdate()


# A signal to the whole group must not end this process: the worker would take every
# job for dead. It ends by itself when the worker is gone.
signal.signal(signal.SIGTERM, signal.SIG_IGN)
touch_first_uses()
connections.close_all()
