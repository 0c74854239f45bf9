"""The boxes of secrets: written into, never read back."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

AGAIN = "Enter it again: it is not kept while something else is wrong."


class SecretInput(UnfoldAdminTextInputWidget):
    """A password box that is always empty, whatever it is bound to."""

    input_type = "password"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "new-password", **(attrs or {})})

    def format_value(self, value: object) -> None:
        """Nothing: neither what is stored nor what was typed is sent to a page."""


class LongSecretInput(UnfoldAdminTextareaWidget):
    """A box for several lines, such as the JSON of a service account."""

    def __init__(self) -> None:
        super().__init__({"rows": 4, "autocomplete": "off", "spellcheck": "false"})

    def format_value(self, value: object) -> None:
        """Nothing, as above."""


class SecretsForm(forms.BaseForm):
    """A form that says so when it comes back without a secret that was typed."""

    def full_clean(self) -> None:
        """Last of all, for a model complains after `clean()` of what must be unique."""
        super().full_clean()
        if self.errors:
            for name in self._typed_secrets():
                self.add_error(name, AGAIN)

    def _typed_secrets(self) -> list[str]:
        """Those without an error of their own: that one asks for them already."""
        return [
            name
            for name, field in self.fields.items()
            if isinstance(field.widget, SecretInput | LongSecretInput)
            and self.cleaned_data.get(name) not in field.empty_values
        ]
