"""The fields of an endpoint's or a server's definition, from its Pydantic model."""

from collections.abc import Mapping
from typing import Any

from django import forms
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from unfold.widgets import UnfoldAdminTextInputWidget

from agents_app.config import mend
from tools_app.admin.definition_words import HELP, HELP_OF, LABELS, SECTIONS
from tools_app.admin.secret_places import SecretPlaces
from tools_app.schema_forms.pairs import PairsField
from tools_app.schema_forms.schema_fields import SchemaFields

PREFIX = "definition__"
PAIRS = ("headers", "query")
# Long as they may be, they are written on one line.
ONE_LINE = ("url", "pick")
Fieldset = tuple[str, dict[str, Any]]


class DefinitionFields:
    """Native fields for what they can hold, rows for secrets, JSON for the rest."""

    def __init__(self, model: type[BaseModel], given: Mapping[str, Any]) -> None:
        self.model = model
        self.given = given
        schema = model.model_json_schema()
        apart = {*PAIRS, "secrets"}
        properties = schema["properties"]
        plain = {n: own for n, own in properties.items() if n not in apart}
        self.plain = SchemaFields(
            schema | {"properties": plain}, prefix=PREFIX, given=given
        )
        self.pairs = [name for name in PAIRS if name in properties]
        has_secrets = "secrets" in properties
        self.places = SecretPlaces(given.get("secrets", ())) if has_secrets else None

    @property
    def fields(self) -> dict[str, forms.Field]:
        """New fields, holding what was given."""
        fields = self.plain.fields
        for name in self.pairs:
            fields[PREFIX + name] = PairsField(
                required=False, initial=self.given.get(name), label=name.capitalize()
            )
        help_texts = HELP | HELP_OF.get(self.model.__name__, {})
        for name in ONE_LINE:
            if PREFIX + name in fields:
                fields[PREFIX + name].widget = UnfoldAdminTextInputWidget()
        for name, field in fields.items():
            bare = name.removeprefix(PREFIX)
            field.label = LABELS.get(bare, field.label)
            field.help_text = help_texts.get(bare, field.help_text)
        return fields | (self.places.fields if self.places else {})

    @property
    def fieldsets(self) -> list[Fieldset]:
        """The fields in sections; what no section names comes last but secrets."""
        mine = [name for name in self.model.model_fields if name != "secrets"]
        named = {name for names in SECTIONS.values() for name in names}
        rest = {"More": [name for name in mine if name not in named]}
        parts = {t: [n for n in names if n in mine] for t, names in SECTIONS.items()}
        sections: list[Fieldset] = [
            (title, {"fields": [PREFIX + name for name in names]})
            for title, names in (parts | rest).items()
            if names
        ]
        return [*sections, *([self.places.fieldset] if self.places else [])]

    def definition(self, form: forms.BaseForm) -> BaseModel | None:
        """What was filled in; None when it is wrong, with the words at the fields."""
        # A field that is complained of leaves the form's own dictionary.
        cleaned = dict(form.cleaned_data)
        try:
            return self.model.model_validate(self._values(cleaned))
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                form.add_error(self._field_of(fault["loc"], cleaned), _words(fault))
        return None

    def _values(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        pairs = {name: cleaned.get(PREFIX + name) or {} for name in self.pairs}
        places = {"secrets": self.places.values(cleaned)} if self.places else {}
        return self.plain.values(cleaned) | pairs | places

    def _field_of(
        self, place: tuple[int | str, ...], cleaned: Mapping[str, Any]
    ) -> str | None:
        """Where an error is shown: above the form when it is about no one field."""
        if not place:
            return None
        if place[0] == "secrets" and self.places:
            number = place[1] if len(place) > 1 else 0
            return self.places.field_of(int(number), cleaned)
        name = f"{PREFIX}{place[0]}"
        return name if name in self.fields else None


def _words(fault: ErrorDetails) -> str:
    words = mend(fault)
    inner = [str(step) for step in fault["loc"][1:] if fault["loc"][0] != "secrets"]
    return f"{'.'.join(inner)}: {words}" if inner else words[:1].upper() + words[1:]
