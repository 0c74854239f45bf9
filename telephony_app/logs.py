"""Log lines that name the call they belong to."""

import logging


class CallFormatter(logging.Formatter):
    """Plain lines, with the call's and agent's ids where the record carries them."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        call, agent = (getattr(record, name, None) for name in ("call_id", "agent_id"))
        return f"{line} [call {call}, agent {agent}]" if call else line
