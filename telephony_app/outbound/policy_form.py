"""The form of a calling policy: what an organization may dial, and how much of it."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from unfold.widgets import (
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelect2Widget,
    UnfoldAdminTextareaWidget,
)

from accounts.models import Organization
from agents_app.widgets import NumberInput
from telephony_app.countries import country_names
from telephony_app.models import CallingPolicy
from telephony_app.numbers.form import zones

SECOND = "This organization has its policy: change that one."
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
    "minutes_per_day": "All calls out together.",
    "cool_down_minutes": "The same person is not called again within these minutes.",
    "calling_hours": "When people may be called, in their own time zone where the "
    "number tells it. A line for each span. Empty: at any time.",
    "max_calls": "All calls at once, in and out.",
    "recordings_days": "Then they are deleted.",
    "organization": "Whose limits these are.",
}


def _countries() -> list[tuple[str, str]]:
    return list(country_names().items())


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """An organization's limits. What is not allowed here is denied."""

    home: ClassVar[Organization | None] = None
    """The organization of a new policy where there is only one to choose."""
    countries = forms.MultipleChoiceField(
        choices=_countries,
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
        error_messages = {
            "organization": {"unique": SECOND},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.home and not self.instance.organization_id:
            self.instance.organization = self.home

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.instance.pk and self._is_second():
            self.add_error(None, SECOND)
        if cleaned.get("may_call_out") and not cleaned.get("countries"):
            words = "Choose at least one country, or untick Calls out."
            self.add_error("countries", words)
        return cleaned

    def _is_second(self) -> bool:
        """Whether the organization, which the page need not ask, has one already."""
        theirs = self.instance.organization_id
        return CallingPolicy.objects.filter(organization=theirs).exists()
