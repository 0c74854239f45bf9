"""Log lines that name the call they belong to, and tell nothing of what was said."""

import logging

from pythonjsonlogger.core import LogData
from pythonjsonlogger.json import JsonFormatter


class CallFormatter(logging.Formatter):
    """Plain lines, with the call's and agent's ids where the record carries them."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        call, agent = (getattr(record, name, None) for name in ("call_id", "agent_id"))
        return f"{line} [call {call}, agent {agent}]" if call else line


class DiscreetJsonFormatter(JsonFormatter):
    """JSON lines without what people said or tools were told: LiveKit marks such extras
    by a `pii` in their dotted name, as `lk.pii.arguments`."""

    def process_log_record(self, log_data: LogData) -> LogData:
        """The line without them."""
        kept = {k: v for k, v in log_data.items() if "pii" not in k.split(".")}
        return super().process_log_record(kept)
