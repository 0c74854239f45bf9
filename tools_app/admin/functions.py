"""A checkbox for each function of a tool, with what the model would be told of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tools_app.functions.declarations import Rejected, declare
from tools_app.functions.descriptions import spec_of
from tools_app.models import ToolFunction
from tools_app.schema_forms.widgets import as_json

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Offer:
    """A function as staff see it: its row, its declaration, why it would be refused."""

    row: ToolFunction
    declaration: str
    rejection: str = ""
    is_told_by_settings: bool = False

    @classmethod
    def of(cls, row: ToolFunction, told: Mapping[str, Any] = NOTHING) -> "Offer":
        """As an agent's settings have it `told`, else made anew: the model's rules may
        be newer than the row."""
        if row.name in told:
            declaration = as_json(told[row.name])
            return cls(row, declaration, row.rejection, is_told_by_settings=True)
        try:
            return cls(row, as_json(declare(spec_of(row))), row.rejection)
        except Rejected as rejected:
            return cls(row, "", str(rejected))


class FunctionsInput(forms.CheckboxSelectMultiple):
    """The functions as a list that explains itself."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        super().__init__()
        self.offers = list(offers)

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        return functions_list(self.offers, ticked=value or [], name=name)


def functions_list(
    offers: list[Offer], *, ticked: Iterable[str], name: str = ""
) -> SafeString:
    """The list with boxes named `name`; to be read only, without one."""
    context = {"offers": offers, "ticked": set(ticked), "name": name}
    return render_to_string("admin/tools_app/agenttool/functions.html", context)


class FunctionsField(forms.MultipleChoiceField):
    """The functions that the agent is offered. One that the model would refuse would
    end every call as it begins, so it cannot be ticked."""

    def __init__(self, offers: list[Offer], **kwargs: Any) -> None:
        super().__init__(
            choices=[(offer.row.name, offer.row.name) for offer in offers],
            widget=FunctionsInput(offers),
            required=bool(offers),
            error_messages={
                "required": "Tick at least one function, or switch the tool off."
            },
            **kwargs,
        )
        self.offers = offers

    def validate(self, value: Any) -> None:
        super().validate(value)
        refused = [o for o in self.offers if o.rejection and o.row.name in value]
        if refused:
            words = "The model would refuse %s: %s. Untick it, or have it mended."
            raise ValidationError([words % (o.row, o.rejection) for o in refused])
