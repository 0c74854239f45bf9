"""What staff type the odd kinds of values into: lists, JSON, dates."""

import json
from typing import Any

from unfold.widgets import (
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)


class LinesInput(UnfoldAdminTextareaWidget):
    """A list of texts, one a line."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 3} | (attrs or {}))

    def format_value(self, value: Any) -> str:
        return "\n".join(map(str, value)) if isinstance(value, list) else value or ""


class JsonInput(UnfoldAdminTextareaWidget):
    """A list or an object as JSON, for what no simpler box can hold."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        fixed = {"rows": 6, "spellcheck": "false", "class": "json-input"}
        super().__init__(fixed | (attrs or {}))


class TypedInput(UnfoldAdminTextInputWidget):
    """A line of text for which browsers have a box of their own, like `date`."""

    def __init__(self, input_type: str) -> None:
        super().__init__()
        self.input_type = input_type


def as_json(value: Any) -> str:
    """A value as people read JSON."""
    return json.dumps(value, indent=2, ensure_ascii=False)
