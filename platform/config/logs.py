"""Log lines that name the call they belong to, and tell nothing of what was said."""

import logging
from typing import Any

from pythonjsonlogger.core import LogData
from pythonjsonlogger.json import JsonFormatter

FORMATTERS = {
    # The runner, the journal or the container engine adds the time.
    "plain": {
        "()": "config.logs.CallFormatter",
        "format": "%(levelname)s %(name)s: %(message)s",
    },
    "json": {
        "()": "config.logs.DiscreetJsonFormatter",
        "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
    },
}
LOGGERS = {
    # One line per connection says nothing.
    "websockets": {"level": "WARNING"},
    # Their lines hold URLs with their keys, headers, arguments, answers.
    "httpx2": {"level": "WARNING"},
    "httpcore2": {"level": "WARNING"},
    "mcp": {"level": "CRITICAL"},
    "twilio.http_client": {"level": "WARNING"},
    # It misses a host name in "filesystem://", which has none.
    "kombu.connection": {"level": "ERROR"},
}


def to_stderr(log_format: str, *, level: str) -> dict[str, Any]:
    """The setting `LOGGING`: lines in one of the formats, from this level on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": FORMATTERS,
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": log_format}
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": LOGGERS,
    }


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
