"""The form of a telephone number: who answers, when, and what if nobody can."""

from typing import Any

from django import forms
from django.conf import settings
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldAdminTextareaWidget

from accounts.owned_admin import OwnedForm
from agents_app.widgets import NumberInput
from telephony_app.calls.transfers import check_target
from telephony_app.countries import zones
from telephony_app.models import PhoneNumber
from telephony_app.outbound.rules import NotAllowed

TAKEN = (
    "This number is here already, perhaps in another organization. Search the list for "
    "it; if it is not there, ask whoever runs the server who has it."
)
HELP = {
    "number": "With + and the country first, digits only: +15550002222.",
    "label": "How your team calls it: Reception, Sales ...",
    "agent": "Who answers. The change holds from the next call.",
    "is_active": "Untick it, and callers are told that nobody can answer.",
    "opening_hours": "A line for each span, like Mon-Fri 09:00-17:00. Outside of them "
    "callers hear the agent's closing words. Empty: always open.",
    "time_zone": "Where those hours count.",
    "forward_to": "A person who is rung when no agent can answer, and out of hours; "
    "the number as +15550002222, in a country of the calling policy. Empty: nobody.",
    "max_calls": "More callers than this at once hear that all lines are busy.",
    "organization": "Whose number it is.",
}


class NumberForm(OwnedForm):
    """A number. Its organization's agents alone can answer."""

    time_zone = forms.ChoiceField(
        choices=zones,
        initial=settings.TIME_ZONE,
        widget=UnfoldAdminSelect2Widget,
        help_text=HELP["time_zone"],
    )

    class Meta:
        model = PhoneNumber
        fields = "__all__"  # noqa: DJ007  the admin page names its own
        help_texts = HELP
        labels = {
            "is_active": "Takes calls",
            "agent": "Answered by",
            "forward_to": "Ring instead",
            "max_calls": "Calls at once",
        }
        widgets = {
            "opening_hours": UnfoldAdminTextareaWidget(
                {"rows": 3, "placeholder": "Mon-Fri 09:00-17:00\nSat 10:00-13:00"}
            ),
            "agent": UnfoldAdminSelect2Widget,
            "max_calls": NumberInput("calls"),
        }
        error_messages = {"number": {"unique": TAKEN}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organization = self.instance.organization_id
        agents: Any = self.fields.get("agent")
        if organization and agents:
            agents.queryset = agents.queryset.filter(organization=organization)

    def clean(self) -> dict[str, Any]:
        """Whom the organization may not call is not rung instead of an agent either."""
        cleaned = super().clean()
        chosen = cleaned.get("organization")
        organization = chosen.pk if chosen else self.instance.organization_id
        person, number = cleaned.get("forward_to"), cleaned.get("number")
        if organization and person and person != (number or self.instance.number):
            try:
                check_target(organization, person)
            except NotAllowed as refused:
                self.add_error("forward_to", str(refused))
        return cleaned
