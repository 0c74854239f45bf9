"""Form fields for secrets: written, never read back."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from sealed.handle import Sealed
from sealed.keys import SealBroken


class SecretInput(UnfoldAdminTextInputWidget):
    """A password box that is always empty, whatever it is bound to."""

    input_type = "password"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "new-password", **(attrs or {})})

    def format_value(self, value: object) -> None:
        """Nothing: neither what is stored nor what was typed is sent to a page."""


class SecretCharField(forms.CharField):
    """One secret of a `Sealed`. Left blank it stays as it is; the box tells what is
    kept by its last four characters. To remove one is `Sealed.changed_by(without=)`."""

    widget = SecretInput

    def __init__(
        self, *, kept: Sealed | None = None, name: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        if kept:
            self.widget.attrs["placeholder"] = _standing(kept, name)

    def has_changed(self, initial: object, data: object) -> bool:
        """Only what is typed is a change."""
        return bool(data)


def _standing(kept: Sealed, name: str) -> str:
    try:
        hint = kept.hint(name)
    except SealBroken:
        return "What is kept cannot be opened: its key is lost. Enter it anew."
    return f"Kept: {hint}. Leave blank to keep it." if hint else ""
