"""The form by which staff let an agent call somebody."""

import re
import uuid

from django import forms
from django.http import QueryDict
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.models import User
from agents_app.config import AgentConfig
from agents_app.models import Agent
from agents_app.variables import LONGEST
from telephony_app.models import PhoneNumber
from telephony_app.outbound.calling import Order
from telephony_app.outbound.rules import NotAllowed

SPACING = re.compile(r"[\s().-]")
VARIABLE = "variable-"
# The order's fields that the form knows by another name.
FIELDS = {"from": "caller"}
LONG_DEFAULT = 60


class CallForm(forms.Form):
    """Whom to call, from which number, and a box for each of the agent's variables.

    `key` is made with the page, so that a second click is no second call.
    """

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    to = forms.CharField(
        label="Number to call",
        max_length=40,
        widget=UnfoldAdminTextInputWidget(
            {"type": "tel", "placeholder": "+12025550123", "autofocus": True}
        ),
        help_text="With + and the country first. Spaces do no harm.",
    )
    caller = forms.ModelChoiceField(
        PhoneNumber.objects.none(),
        label="From",
        empty_label=None,
        widget=UnfoldAdminSelectWidget,
        help_text="What the person called sees.",
    )

    def __init__(
        self, agent: Agent, config: AgentConfig, sent: QueryDict | None
    ) -> None:
        super().__init__(sent, initial={"key": str(uuid.uuid4())})
        self._agent = agent
        numbers = PhoneNumber.objects.active().filter(organization=agent.organization)
        self.fields["caller"].queryset = numbers  # type: ignore[attr-defined]
        self.fields["caller"].initial = numbers.filter(agent=agent).first()
        for name, default in config.variables.items():
            self.fields[VARIABLE + name] = _box(name, default)

    def clean_to(self) -> str:
        """The number as it is dialled."""
        return SPACING.sub("", str(self.cleaned_data["to"]))

    def order(self, by: User) -> Order:
        """What was filled in."""
        given = self.cleaned_data
        variables = {
            name.removeprefix(VARIABLE): value
            for name, value in given.items()
            if name.startswith(VARIABLE)
        }
        return Order(
            agent=self._agent,
            to=given["to"],
            by=by,
            caller=given["caller"].number,
            variables=variables,
            key=given["key"],
        )

    def refuse(self, refused: NotAllowed) -> None:
        """Show a rule's words at its field; above all of them, if there is none."""
        field = FIELDS.get(refused.field, refused.field)
        self.add_error(field if field in self.fields else None, str(refused))


def _box(name: str, default: str) -> forms.CharField:
    """The box of one variable, filled with its default."""
    is_long = len(default) > LONG_DEFAULT
    return forms.CharField(
        label=name.replace("_", " ").capitalize(),
        initial=default,
        required=False,
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget({"rows": 3})
        if is_long
        else UnfoldAdminTextInputWidget,
        help_text=f"Stands for {{{name}}}.",
    )
