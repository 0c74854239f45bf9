"""Names with texts, as headers are written: one a line, `Accept: application/json`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tools_app.schema_forms.widgets import LinesInput


class PairsInput(LinesInput):
    """A box of lines, for an object whose values are texts."""

    def format_value(self, value: Any) -> str:
        if not isinstance(value, dict):
            return value or ""
        return "\n".join(f"{name}: {text}" for name, text in value.items())


class PairsField(forms.CharField):
    """An object whose values are texts."""

    widget = PairsInput

    def clean(self, value: Any) -> Any:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        pairs = [_pair(line) for line in lines]
        names = [name for name, _ in pairs]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValidationError(f"Write {', '.join(sorted(twice))} only once.")
        return dict(pairs)


def _pair(line: str) -> tuple[str, str]:
    name, colon, text = line.partition(":")
    if not colon or not name.strip():
        raise ValidationError(
            f"“{line.strip()[:60]}” has no name and colon: write it as name: value."
        )
    return name.strip(), text.strip()
