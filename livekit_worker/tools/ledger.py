"""Every function call in a row: what was asked, redacted, and what came of it."""

from dataclasses import replace
from typing import Any

from livekit.agents import llm

from livekit_worker.tools.entry import ERROR_LENGTH, Entry
from livekit_worker.tools.failures import detail_of, outcome_of
from livekit_worker.tools.request import Request
from livekit_worker.turn_writer import TurnWriter
from tools_app.errors import ToolError
from tools_app.functions.specs import FunctionSpec
from tools_app.models import Outcome
from tools_app.redaction import redacted

KEY_LENGTH = 80
NAME_LENGTH = 120
# A database that is away must not keep a side effect from happening for longer.
STORED_SECONDS = 1.0


class Ledger:
    """Writes the rows of one job, behind the turns said so far."""

    def __init__(self, writer: TurnWriter, *, job_id: str) -> None:
        self._writer = writer
        self._job_id = job_id
        self._entries: dict[str, Entry] = {}

    def began(self, request: Request) -> None:
        """The model asked for a function."""
        entry = Entry(
            key=self._key(request.context.function_call),
            agent_tool_id=request.tool.agent_tool_id,
            tool_name=request.tool.name,
            function=request.spec.name,
            arguments=redacted(request.arguments, request.spec),
        )
        self._write(entry)

    async def stored(self, request: Request) -> None:
        """Wait until the request is stored: of a side effect that its job did not
        survive it must be known that it begun."""
        entry = self._entry(request)
        self._write(replace(entry, fingerprint=request.fingerprint))
        await self._writer.flush(seconds=STORED_SECONDS)

    def gave(self, request: Request, text: str) -> None:
        """The model has its answer."""
        self._end(request, Outcome.DONE, result=request.redact(text))

    def failed(self, request: Request, error: Exception) -> None:
        """The model has words of failure. What may be tried again leaves no
        fingerprint, so a later job will not take it for begun."""
        values = {"error": request.redact(detail_of(error))}
        if isinstance(error, ToolError) and error.may_retry:
            values["fingerprint"] = ""
        self._end(request, outcome_of(error), result="", **values)

    def may_be_repeated(self, request: Request) -> None:
        """What it asked for is only begun, and harmless to ask for again: a later job
        does not take it for done."""
        self._write(replace(self._entry(request), fingerprint=""))

    def gave_late(self, request: Request, text: str) -> None:
        """A side effect came to its end after its time was over: keep its result."""
        entry = self._entry(request)
        if entry.outcome == Outcome.TIMED_OUT:
            error = f"{entry.error} It went through after {entry.seconds:.1f} seconds."
            result = request.redact(text)
            self._write(replace(entry, error=error[:ERROR_LENGTH], result=result))

    def unknown(self, call: llm.FunctionCall, why: str) -> None:
        """The model asked for a function that this agent does not have."""
        entry = Entry(
            key=self._key(call),
            agent_tool_id=None,
            tool_name="",
            function=call.name[:NAME_LENGTH],
            arguments=redacted(_read(call.arguments), FunctionSpec(call.name, "")),
        )
        self._write(entry.ended(Outcome.REFUSED, error=why))

    def _end(self, request: Request, outcome: Outcome, **values: str) -> None:
        notes: dict[str, Any] = {
            "fingerprint": request.fingerprint,
            "was_repeated": request.was_repeated,
            "was_cancelled": request.context.speech_handle.interrupted,
        }
        self._write(self._entry(request).ended(outcome, **notes | values))

    def _entry(self, request: Request) -> Entry:
        return self._entries[self._key(request.context.function_call)]

    def _key(self, call: llm.FunctionCall) -> str:
        """The model's name for a call is its own only within one connection."""
        return f"{self._job_id}:{call.call_id}"[:KEY_LENGTH]

    def _write(self, entry: Entry) -> None:
        self._entries[entry.key] = entry
        self._writer.report(lambda: entry.store(self._writer.call_id))


def _read(arguments: str) -> dict[str, Any]:
    try:
        return dict(llm.utils.parse_function_arguments(arguments))
    except ValueError:
        return {}
