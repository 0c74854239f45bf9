"""The form of an agent's tool: settings, secrets, functions, limits."""

from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldBooleanSwitchWidget

from agents_app.widgets import NumberInput
from sealed.forms import SecretsForm
from tools_app.admin.agent_tool_subject import Subject
from tools_app.admin.functions import FunctionsField
from tools_app.admin.redirected import ask_again
from tools_app.models import AgentTool

LABELS = {
    "is_active": "The agent may use it",
    "timeout_seconds": "Patience",
    "max_per_call": "At most in a call",
    "max_per_minute": "At most in a minute",
}
HELP = {
    "name": "Letters, digits, - and _. It tells two uses of one tool apart, and stands "
    "before the functions' names where two tools of the agent share one.",
    "is_active": "Takes effect from the agent's next call.",
    "timeout_seconds": "After this time the agent says that it did not work. "
    "From 1 to 60.",
    "max_per_call": "More calls of its functions are refused, so that a model that "
    "goes round in circles does no harm.",
    "max_per_minute": "The same, in any 60 seconds of a call.",
}
UNITS = {"timeout_seconds": "seconds", "max_per_call": "", "max_per_minute": ""}


class AgentToolForm(SecretsForm, forms.ModelForm):  # type: ignore[type-arg]
    """What staff decide of a tool in an agent's hands."""

    subject: ClassVar[Subject]

    class Meta:
        model = AgentTool
        fields = ["name", *LABELS]
        labels = LABELS
        help_texts = HELP
        widgets = {
            "is_active": UnfoldBooleanSwitchWidget,
            **{name: NumberInput(unit) for name, unit in UNITS.items()},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agent = self.subject.agent
        self.instance.platform_tool = self.subject.tool

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.subject.config.complain(self)
        self.subject.secrets.complain(self)
        self.instance.config = self.subject.config.values(cleaned)
        ask_again(self, self.subject, self.instance.config)
        self.instance.unselected_functions = self._unselected(cleaned)
        return cleaned

    @property
    def remakes_tool(self) -> bool:
        """Whether what it is made of changes: its settings or its secrets."""
        secrets = self.subject.secrets.changed(self.cleaned_data)
        return secrets is not None or self.instance.config != self.subject.config.given

    def _unselected(self, cleaned: dict[str, Any]) -> list[str]:
        """What was left unticked, and what a later version may bring back."""
        names = [offer.row.name for offer in self.subject.offers]
        ticked = cleaned.get("functions", [])
        gone = [n for n in self.instance.unselected_functions if n not in names]
        return [*gone, *(name for name in names if name not in ticked)]

    def _get_validation_exclusions(self) -> set[str]:
        """Names are unique in an agent, though the form does not ask for the agent."""
        left_out: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return left_out - {"agent"}


def agent_tool_form(subject: Subject) -> type[AgentToolForm]:
    """The form with the fields of one tool."""
    functions = FunctionsField(
        subject.offers, label="Functions", initial=subject.ticked
    )
    fields = subject.config.fields | subject.secrets.fields | {"functions": functions}
    return type("AgentToolForm", (AgentToolForm,), fields | {"subject": subject})
