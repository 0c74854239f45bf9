"""Forms made from the JSON Schemas of tools: settings, secrets, arguments.

schema = SchemaFields(tool.config_schema, prefix="config__", given=agent_tool.config)
fields = schema.fields                      # to put into a form
schema.values(form.cleaned_data)            # the JSON that staff filled in
schema.complain(form)                       # errors, at their fields
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms

from tools_app.schema_forms.complaints import complaints
from tools_app.schema_forms.fields import field_of
from tools_app.schema_forms.properties import Property, Schema, properties_of


class SchemaFields:
    """The fields of a schema of type object, among others in one form.

    A value that equals the schema's default is left out of what is kept, so that a
    later version of the tool may change its default.
    """

    def __init__(
        self, schema: Schema, *, prefix: str, given: Mapping[str, Any] | None = None
    ) -> None:
        self.schema = schema
        self.prefix = prefix
        self.given = given or {}

    @cached_property
    def properties(self) -> dict[str, Property]:
        """The schema's properties by the names of their fields."""
        return {self.prefix + p.name: p for p in properties_of(self.schema)}

    @property
    def missing(self) -> list[str]:
        """The labels of what must be given, has no default and was not given."""
        needed = [p for p in self.properties.values() if p.is_required]
        known = {*self.given, *(p.name for p in needed if "default" in p.schema)}
        return [p.label for p in needed if p.name not in known]

    @property
    def fields(self) -> dict[str, forms.Field]:
        """New fields, holding what was given or else the tool's defaults."""
        fields = {name: field_of(p) for name, p in self.properties.items()}
        for name, prop in self.properties.items():
            if prop.name in self.given:
                fields[name].initial = self.given[prop.name]
        return fields

    def values(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """What was filled in, by the names of the properties."""
        return {
            prop.name: cleaned[name]
            for name, prop in self.properties.items()
            if name in cleaned and _is_told(cleaned[name], prop)
        }

    def complain(self, form: forms.BaseForm) -> None:
        """Add what is wrong by the schema, each at its field."""
        values = self.values(form.cleaned_data)
        for name, prop in self.properties.items():
            if prop.name in values:
                for words in complaints(prop.schema, values[prop.name]):
                    form.add_error(name, words)
        if not form.errors:
            for words in complaints(self.schema, values):
                form.add_error(None, words)


def _is_told(value: Any, prop: Property) -> bool:
    """Whether the value says something that the schema does not say already."""
    default = prop.schema.get("default")
    if value in ("", None) or (value == [] and not default):
        return False
    return prop.is_required or value != default or type(value) is not type(default)
