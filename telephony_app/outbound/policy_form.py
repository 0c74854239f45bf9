"""The form of a calling policy: what an organization may dial, and how much of it."""

from typing import Any

from django import forms
from django.conf import settings
from unfold.widgets import (
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminTextareaWidget,
)

from accounts.owned_admin import OwnedForm
from agents_app.widgets import NumberInput
from telephony_app.countries import country_names, zones
from telephony_app.models import CallingPolicy

LABELS = {
    "max_calls": "At once",
    "calls_per_minute": "New calls",
    "minutes_per_day": "On the telephone",
    "cool_down_minutes": "Pause for each person",
    "recordings_days": "Kept for",
}
UNITS = {
    "max_calls": "calls",
    "calls_per_minute": "a minute",
    "minutes_per_day": "minutes a day",
    "cool_down_minutes": "minutes",
    "recordings_days": "days",
}
HELP = {
    "may_call_out": "Unticked, no agent of the organization calls anybody.",
    "calls_per_minute": "Calls out that may be begun.",
    "minutes_per_day": "All calls out together. The same for the people whom callers "
    "are put through to over the line for calls out; they count apart.",
    "cool_down_minutes": "The same person is not called again within these minutes.",
    "calling_hours": "When people may be called, in their own time zone where the "
    "number tells it. A line for each span. Empty: at any time.",
    "max_calls": "All calls at once, in and out.",
    "recordings_days": "Then they are deleted.",
    "organization": "Whose limits these are.",
}


class PolicyForm(OwnedForm):
    """An organization's limits. What is not allowed here is denied."""

    second = "This organization has its policy: change that one."
    countries = forms.MultipleChoiceField(
        choices=country_names,
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text="Where people may be called. Empty: nowhere. Premium, shared-cost "
        "and satellite numbers are never called.",
    )
    time_zone = forms.ChoiceField(
        choices=zones,
        initial=settings.TIME_ZONE,
        widget=UnfoldAdminSelect2Widget,
        help_text="Where the calling hours count when the number does not tell.",
    )

    class Meta:
        model = CallingPolicy
        fields = "__all__"  # noqa: DJ007  the admin page names its own
        help_texts = HELP
        labels = LABELS
        widgets = {
            "calling_hours": UnfoldAdminTextareaWidget({"rows": 3}),
            **{name: NumberInput(unit) for name, unit in UNITS.items()},
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("may_call_out") and not cleaned.get("countries"):
            words = "Choose at least one country, or untick Calls out."
            self.add_error("countries", words)
        return cleaned
