"""Form widgets of the agent page: what a field needs beyond its box."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)


class VoiceSelect(UnfoldAdminSelectWidget):
    """The list of voices with a button that lets the chosen one speak."""

    sample_url = reverse_lazy("admin:agents_app_agent_voice_sample")

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        button = render_to_string(
            "admin/agents_app/agent/hear_it.html", {"url": self.sample_url}
        )
        return format_html(
            '<div class="voice-choice">{}{}</div>',
            super().render(*args, **kwargs),
            button,
        )


class NumberInput(UnfoldAdminDecimalFieldWidget):
    """A number with its unit beside it; seconds are also told in minutes."""

    def __init__(self, unit: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.unit = unit

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return format_html(
            '<div class="number-input">{}<span>{}</span></div>',
            super().render(*args, **kwargs),
            self.unit,
        )


class SpokenLineInput(UnfoldAdminTextareaWidget):
    """A sentence that is spoken as written; the page previews what callers hear."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 2, "data-spoken-line": ""} | (attrs or {}))
