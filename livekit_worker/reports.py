"""What a job reports of its call, written behind the turns said so far."""

import os
from datetime import UTC, datetime

from livekit_worker.turn_writer import TurnWriter
from livekit_worker.worker.heartbeat import worker_name
from telephony_app.calls.lifecycle import record
from telephony_app.calls.opening import release
from telephony_app.models import Call, CallEvent, Cause
from telephony_app.outbound.calling import note_answer

Kind = CallEvent.Kind


class Reports:
    """The events of one job, each with a key of its own."""

    def __init__(self, call: Call, writer: TurnWriter, *, job_id: str) -> None:
        self._call = call
        self._writer = writer
        self._job_id = job_id
        self._count = 0
        self._answered = False

    def joined(self) -> None:
        """The agent is in the room; ops find its process by the number."""
        self._report(Kind.AGENT_JOINED, key="joined", detail=f"process {os.getpid()}")

    def line_ringing(self) -> None:
        """The network says that it rings."""
        self._report(Kind.LINE_RINGING, key="line_ringing")

    def answer_to_invite(self, sip_status: int | None) -> None:
        """What the network answered in the end; None where it did not."""
        if sip_status:
            self._writer.report(lambda: note_answer(self._call, sip_status))

    def picked_up(self) -> None:
        """The telephone's line is open; only the first time counts."""
        if not self._call.answered_at:
            self._report(Kind.PICKED_UP, key="picked_up")

    def answered(self, at: datetime) -> None:
        """The agent spoke; only the first time counts."""
        if not self._answered:
            self._answered = True
            self._report(Kind.ANSWERED, key="answered", at=at)

    def problem(self, detail: str) -> None:
        """Something went wrong that the conversation survived."""
        self._count += 1
        self._report(Kind.PROBLEM, key=f"problem-{self._count}", detail=detail)

    def model_reconnected(self, detail: str) -> None:
        """The model's connection broke and is being made again."""
        self._count += 1
        self._report(Kind.MODEL_RECONNECTED, key=f"model-{self._count}", detail=detail)

    def handed_over(self, problem: str) -> None:
        """The job leaves a call that needs another one: given back, it is rescued."""
        self.problem(problem)
        self._writer.report(lambda: release(self._call.pk, worker=worker_name()))

    def ended(self, cause: Cause, detail: str = "") -> None:
        """The conversation is over."""
        self._report(Kind.ENDED, key=f"ended:{cause}", cause=cause, detail=detail)

    def _report(
        self,
        kind: CallEvent.Kind,
        *,
        key: str,
        at: datetime | None = None,
        cause: Cause | None = None,
        detail: str = "",
    ) -> None:
        moment = at or datetime.now(UTC)
        self._writer.report(
            lambda: record(
                self._call,
                kind,
                source="worker",
                key=f"{self._job_id}:{key}",
                at=moment,
                cause=cause,
                detail=detail,
            )
        )
