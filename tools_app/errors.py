"""What a tool says when it cannot do what it was asked."""

import traceback
from pathlib import Path


class ToolError(Exception):
    """A failure in words that the model may tell the caller.

    `words` are written by us: they reach a stranger's ear. A vendor's text is at most
    quoted in them (`quoting.py`), never an exception's.
    `detail` is for staff, on the call's page and in the test's answer; neither may hold
    a secret. `may_retry` says that the same request can be sent again.
    """

    def __init__(
        self, words: str, *, detail: str = "", may_retry: bool = False
    ) -> None:
        super().__init__(words)
        self.words = words
        self.detail = detail
        self.may_retry = may_retry


class ToolMistake(Exception):
    """A mistake of a tool's author, found when tools are looked at, before any call.

    It names the file, and where it can the method and the parameter.
    """

    def __init__(
        self, text: str, *, file: str, method: str = "", parameter: str = ""
    ) -> None:
        self.text = text
        self.file = file
        self.method = method
        self.parameter = parameter
        super().__init__(": ".join(p for p in (file, self._place, text) if p))

    @property
    def _place(self) -> str:
        """`WeatherTool.forecast, parameter city`, as far as it is known."""
        named = f"parameter {self.parameter}" if self.parameter else ""
        return ", ".join(p for p in (self.method, named) if p)


def place_of(error: Exception) -> str:
    """`in weather.py, line 20 (forecast)`: where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    last = frames[-1]
    return f"in {Path(last.filename).name}, line {last.lineno} ({last.name})"
