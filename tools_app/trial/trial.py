"""Trying a tool with its real secrets, for staff who set it up; runs in Celery."""

import time
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from pydantic_core import to_json, to_jsonable_python

from tools_app.errors import ToolError, place_of
from tools_app.functions.specs import FunctionSpec
from tools_app.models import AgentTool, Health, ToolTrial
from tools_app.network.sent_requests import SentRequest, watching
from tools_app.redaction import (
    MASK,
    is_secret_name,
    redact_text,
    redacted,
    secret_arguments,
)
from tools_app.running import time_limit
from tools_app.running.broken import BrokenTool
from tools_app.running.loading import load_tool
from tools_app.running.tool import LoadedTool, close
from tools_app.storable import storable
from tools_app.trial.context import TrialContext
from tools_app.trial.hints import hint_for
from tools_app.trial.report import TrialReport

MOST_ANSWER = 4_000
SLOW = "Give it more time in its limits, or see why the other side is slow."


def run_trial(trial_id: int) -> None:
    """Run a trial once, however often it is sent; its arguments are then forgotten."""
    mine = ToolTrial.objects.filter(pk=trial_id, started_at__isnull=True)
    if not mine.update(started_at=timezone.now()):
        return
    trial = ToolTrial.objects.get(pk=trial_id)
    arguments = trial.arguments.reveal()
    report = try_tool(trial.agent_tool_id, trial.function, arguments)
    ToolTrial.objects.filter(pk=trial_id).update(
        report=report.model_dump(), arguments={}, finished_at=timezone.now()
    )


def try_tool(
    agent_tool_id: int, function: str, arguments: Mapping[str, Any]
) -> TrialReport:
    """Run a function, or without one the tool's own test; note whether it works.

    Raises `AgentTool.DoesNotExist`; everything else is in the report.
    """
    row = AgentTool.objects.select_related("agent").get(pk=agent_tool_id)
    trial = Trial(load_tool(agent_tool_id), function, storable(dict(arguments)))
    report, health = time_limit.run(trial.run(TrialContext(row.agent)))
    if health:
        row.note_health(health, report.hint or report.error)
    return report


class Trial:
    """One function of one tool, tried."""

    def __init__(
        self, tool: LoadedTool, function: str, arguments: dict[str, Any]
    ) -> None:
        self._tool = tool
        self._function = function
        self._arguments = arguments
        nothing = FunctionSpec(function, "")
        spec = {s.name: s for s in tool.running.specs}.get(function, nothing)
        self._shown_arguments = redacted(arguments, spec)
        self._secret_arguments = secret_arguments(arguments, spec)

    async def run(self, context: TrialContext) -> tuple[TrialReport, Health | None]:
        """Run it within its time; whatever happens is in the report."""
        begin, failure, answer = time.monotonic(), None, ""
        with watching() as sent:
            try:
                answer = self._excerpt(await self._result(context))
            except Exception as error:  # noqa: BLE001  A tool may raise anything.
                failure = error
        ms = round((time.monotonic() - begin) * 1000)
        told = self._told(failure) if failure else {"answer": answer}
        shown = storable({"request": self._request(sent), **told})
        report = TrialReport(ok=not failure, ms=ms, **shown)
        return report, self._health(failure)

    async def _result(self, context: TrialContext) -> object:
        """What it gave, in its time; then it is closed, which has a time of its own."""
        seconds = self._tool.timeout_seconds
        try:
            return await time_limit.within(seconds, self._asked(context))
        finally:
            await close(self._tool.running)

    async def _asked(self, context: TrialContext) -> object:
        running = self._tool.running
        arguments: dict[str, Any] = {}
        if self._function:
            arguments = running.validated(self._function, self._arguments)
        await running.setup()
        if self._function:
            return await running.call(self._function, arguments, context)
        return await running.test(context)

    def _health(self, failure: Exception | None) -> Health | None:
        """What this says of the tool; nothing when only the values did not please."""
        if failure is None:
            return Health.GOOD
        only_values = (
            self._function
            and isinstance(failure, ToolError)
            and not isinstance(self._tool.running, BrokenTool)
            and not failure.may_retry
            and getattr(failure, "was_sent", True)
            and getattr(failure, "status", None) not in (401, 403)
        )
        return None if only_values else Health.BAD

    def _excerpt(self, result: object) -> str:
        """The begin of an answer, as text or JSON."""
        if not isinstance(result, str):
            plain = storable(to_jsonable_python(result, fallback=str))
            result = to_json(plain, indent=2).decode()
        shown = self._redact(result)
        if len(shown) <= MOST_ANSWER:
            return shown
        return f"{shown[:MOST_ANSWER]}… ({len(shown):,} characters)"

    def _told(self, error: Exception) -> dict[str, str]:
        """What the model would be told, and what staff can do."""
        if isinstance(error, ToolError):
            hint = error.detail or hint_for(error)
            return {"error": self._redact(error.words), "hint": self._redact(hint)}
        if isinstance(error, TimeoutError):
            seconds = self._tool.timeout_seconds
            return {"error": f"It took longer than {seconds:g} s.", "hint": SLOW}
        # Not its text, which may quote an address with a key in it.
        what = f"It broke: {type(error).__name__} {place_of(error)}".strip()
        return {"error": f"{what}.", "hint": hint_for(error)}

    def _request(self, sent: list[SentRequest]) -> dict[str, Any]:
        """What was asked for, and what went over the wire for it, redacted."""
        asked = {"function": self._function, "arguments": self._shown_arguments}
        http = [self._shown(request) for request in sent]
        return {
            **(asked if self._function else {}),
            **({"http": http} if http else {}),
        }

    def _shown(self, request: SentRequest) -> dict[str, Any]:
        headers = {
            name: MASK if is_secret_name(name) else self._redact(value)
            for name, value in request.headers.items()
        }
        shown = {
            "request": self._redact(request.line),
            "headers": headers,
            "body": self._redact(request.body),
            "answered": request.status,
        }
        return {name: value for name, value in shown.items() if value}

    def _redact(self, text: str) -> str:
        """Without the tool's secrets, and without those in the arguments."""
        return redact_text(text, [self._tool.secrets, self._secret_arguments])
