"""`CallPlan`: everything a conversation needs, read once before the first word."""

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.conf import settings
from django.db.models import Count, Q
from pydantic import ValidationError

from agents_app import speech
from agents_app.config import AgentConfig, LineName
from agents_app.models import SpokenLine
from agents_app.voices.espeak import speak
from livekit_worker.tools.past import PastRequest, past_requests
from telephony_app.e164 import E164
from telephony_app.models import Call, CallEvent, Cause, Turn
from tools_app.running.loading import load_tools
from tools_app.running.tool import LoadedTool

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

FALLBACK = AgentConfig(name="the agent")
# A conversation goes on after the first loss of its agent, not after the second.
MAX_JOBS = 2
JOINED = Q(events__kind=CallEvent.Kind.AGENT_JOINED, events__source="worker")


class Carried(TypedDict):
    """How many jobs have joined a call so far."""

    jobs: int


if TYPE_CHECKING:
    CarriedCalls = QuerySet[WithAnnotations[Call, Carried]]


class UnknownCall(Exception):
    """A job came for a call that there is no row of."""


@dataclass(frozen=True)
class Line:
    """Words to say, with their audio when it is ready (mono, 16 bit)."""

    text: str
    pcm: bytes = b""
    sample_rate: int = 24_000


@dataclass(frozen=True)
class PastTurn:
    """What was said before this job took the call over."""

    speaker: str
    text: str


@dataclass(frozen=True)
class CallPlan:
    """A call as its job sees it: frozen, no rows, no queries.

    `past_requests` are what earlier jobs of the call asked of its tools. `refusal` says
    that no conversation is possible, and why: the caller hears the unavailable message
    and the call ends with that cause.
    """

    call: Call
    config: AgentConfig
    lines: dict[LineName, Line]
    history: tuple[PastTurn, ...] = ()
    tools: tuple[LoadedTool, ...] = ()
    past_requests: tuple[PastRequest, ...] = ()
    refusal: Cause | None = None
    refusal_detail: str = ""

    @property
    def is_phone(self) -> bool:
        """Whether the other side is on the telephone."""
        return self.call.direction != Call.Direction.WEB

    @property
    def is_recorded_here(self) -> bool:
        """Whether the worker records; what comes from Twilio is recorded there."""
        return self.config.record_calls and not self.call.comes_in

    @property
    def person(self) -> str:
        """The number of who is on the telephone, in E.164; empty if withheld."""
        number = self.call.callee if self.call.goes_out else self.call.caller
        return number if E164.fullmatch(number) else ""

    @property
    def is_resumed(self) -> bool:
        """Whether the caller has already heard the agent in this call."""
        return self.call.answered_at is not None


def load_call(metadata: str, room: str) -> CallPlan:
    """Read the plan of this job's call, in at most six queries.

    The call is named by the job's metadata; where that is missing or garbage, by the
    room. Raises `UnknownCall` when there is none.
    """
    call = carried(metadata, room).first()
    if call is None:
        raise UnknownCall(f"There is no call for the room {room}.")
    config, problem = _config(call, jobs=call.jobs)
    return CallPlan(
        call=call,
        config=config,
        lines=_lines(config),
        history=_history(call) if call.answered_at else (),
        tools=_tools(call) if not problem else (),
        past_requests=past_requests(call) if call.answered_at else (),
        refusal=problem[0] if problem else None,
        refusal_detail=problem[1] if problem else "",
    )


def find_call(metadata: str, room: str) -> Call | None:
    """The call that a job is for: by its metadata, else by its room."""
    return Call.objects.filter(_of(metadata, room)).first()


def carried(metadata: str, room: str) -> "CarriedCalls":
    """The call that a job is for, with its agent as published and how many jobs have
    joined it."""
    calls = Call.objects.select_related("version", "agent").filter(_of(metadata, room))
    return cast("CarriedCalls", calls.annotate(jobs=Count("events", filter=JOINED)))


def _of(metadata: str, room: str) -> Q:
    call_id = _call_id(metadata)
    return Q(pk=call_id) if call_id else Q(room=room)


def _call_id(metadata: str) -> uuid.UUID | None:
    try:
        parsed: Any = json.loads(metadata)
        return uuid.UUID(parsed["call_id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _config(call: Call, *, jobs: int) -> tuple[AgentConfig, tuple[Cause, str] | None]:
    """The agent as published, or a stand-in with the reason why it is not usable.

    `jobs` is how many have joined the call before.
    """
    if call.version is None or not (call.agent and call.agent.is_active):
        return _named(call), (Cause.AGENT_INACTIVE, "")
    try:
        config = call.version.config.with_values(call.variables)
    except ValidationError as error:
        fields = ", ".join(str(e["loc"][0]) for e in error.errors() if e["loc"])
        detail = f"{call.version} is not usable any more: look at {fields}."
        return _named(call), (Cause.BAD_CONFIG, detail)
    if call.answered_at and jobs >= MAX_JOBS:
        return config, (Cause.WORKER_LOST, "The agent was lost twice.")
    return config, None


def _named(call: Call) -> AgentConfig:
    return FALLBACK.model_copy(update={"name": str(call.agent)[:80]})


def _lines(config: AgentConfig) -> dict[LineName, Line]:
    ready = speech.ready_lines([config, FALLBACK])
    lines: dict[LineName, Line] = {}
    for name in config.lines:
        made = speech.line_of(name, config, ready)
        lines[name] = _line(made) if made else Line(config.line(name))
    if not lines["unavailable_message"].pcm:
        spare = speech.line_of("unavailable_message", FALLBACK, ready)
        lines["unavailable_message"] = _line(spare) if spare else emergency_line()
    return lines


def _tools(call: Call) -> tuple[LoadedTool, ...]:
    return tuple(load_tools(call.agent_id)) if call.agent_id else ()


def _line(made: SpokenLine) -> Line:
    return Line(made.text, bytes(made.pcm), made.sample_rate)


def _history(call: Call) -> tuple[PastTurn, ...]:
    turns = Turn.objects.filter(call=call).exclude(text="")
    return tuple(PastTurn(turn.speaker, turn.text) for turn in turns)


def emergency_line() -> Line:
    """The apology that needs no database: kept in a file by the worker's start."""
    path = settings.STATE_DIR / "apology.pcm"
    pcm = path.read_bytes() if path.exists() else b""
    return Line(FALLBACK.line("unavailable_message"), pcm)


def keep_emergency_line() -> None:
    """Write the apology to its file, so that a job can speak it whatever is down.

    The local voice makes it: Google's could be what is down.
    """
    text = FALLBACK.line("unavailable_message")
    speech = speak(text, voice=FALLBACK.voice, language=FALLBACK.language)
    (settings.STATE_DIR / "apology.pcm").write_bytes(speech.pcm)
