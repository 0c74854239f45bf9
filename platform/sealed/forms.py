"""The box of a secret: written into, never read back."""

from typing import Any

from unfold.widgets import UnfoldAdminTextInputWidget


class SecretInput(UnfoldAdminTextInputWidget):
    """A password box that is always empty, whatever it is bound to."""

    input_type = "password"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "new-password", **(attrs or {})})

    def format_value(self, value: object) -> None:
        """Nothing: neither what is stored nor what was typed is sent to a page."""
