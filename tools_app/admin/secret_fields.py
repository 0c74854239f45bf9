"""Secrets in a form: written, never read back. A page shows that one is there, its last
four characters, who set it and when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.timezone import localtime
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.models import User
from sealed.forms import LongSecretInput, SecretInput
from sealed.handle import Sealed
from sealed.keys import SealBroken
from tools_app.models import ToolSecret
from tools_app.own_addresses import Addresses, addresses_in, addresses_of
from tools_app.schema_forms.complaints import complaints
from tools_app.schema_forms.fields import JsonField
from tools_app.schema_forms.properties import Property, Schema, properties_of

PREFIX, REMOVED = "secret__", "secrets_removed"
BROKEN = (
    "The stored secrets cannot be opened with the keys of this server "
    "(FIELD_ENCRYPTION_KEYS). Enter all of them again, or ask whoever runs the server "
    "to put the lost key back."
)


@dataclass(frozen=True)
class Kept:
    """What may be told of stored secrets: a hint for each, or that none opens; and
    which of them are addresses."""

    hints: Mapping[str, str] = field(default_factory=dict)
    addresses: Addresses = field(default_factory=dict)
    is_broken: bool = False

    @classmethod
    def of(cls, sealed: Sealed | None) -> "Kept":
        """Look at them without keeping what was seen."""
        if not sealed:
            return cls()
        try:
            hints = {name: sealed.hint(name) for name in sealed.names}
            return cls(hints, addresses_of(sealed))
        except SealBroken:
            return cls(is_broken=True)

    def without(self, names: Collection[str]) -> "Kept":
        """Less these."""
        addresses = {a: n for a, n in self.addresses.items() if n not in names}
        return Kept({n: h for n, h in self.hints.items() if n not in names}, addresses)


class SecretFields:
    """The fields of a tool's secrets, one's own above those of the organization."""

    def __init__(
        self,
        schema: Schema,
        *,
        kept: Sealed | None,
        shared: ToolSecret | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> None:
        self.properties = {PREFIX + p.name: p for p in properties_of(schema)}
        self.sealed = kept or Sealed()
        self.shared_row = shared
        self.config = config or {}

    @cached_property
    def kept(self) -> Kept:
        """One's own."""
        return Kept.of(self.sealed)

    @cached_property
    def shared(self) -> Kept:
        """The organization's."""
        return Kept.of(self.shared_row.secrets if self.shared_row else None)

    @property
    def addresses(self) -> Addresses:
        """The tool's own, as they are stored now."""
        return addresses_in(self.config) | self.kept.addresses

    @property
    def missing(self) -> list[str]:
        """The labels of required secrets that nobody has set."""
        shared = () if self.addresses else self.shared.hints
        known = {*self.kept.hints, *shared}
        needed = [p for p in self.properties.values() if p.is_required]
        return [p.label for p in needed if p.name not in known]

    @property
    def fields(self) -> dict[str, forms.Field]:
        """New fields, each empty whatever is stored."""
        fields = {name: self._field(p) for name, p in self.properties.items()}
        return fields | ({REMOVED: self._removal()} if self.kept.hints else {})

    def _field(self, prop: Property) -> forms.Field:
        is_line = prop.type == "string" and prop.schema.get("format") != "textarea"
        kind = forms.CharField if prop.type == "string" else JsonField
        made = kind(
            required=False,
            label=prop.label,
            help_text=self._help(prop),
            widget=SecretInput if is_line else LongSecretInput,
        )
        if prop.is_required and prop.label in self.missing:
            made.label = f"{prop.label} (needed)"
        return made

    def _help(self, prop: Property) -> str:
        said = escape(str(prop.schema.get("description", "")).strip())
        return " ".join(filter(None, [said, self._standing(prop.name)]))

    def _standing(self, name: str) -> str:
        """Where the secret comes from now; its last characters tell two apart."""
        if name in self.kept.hints:
            words = "Set: <strong>{}</strong>. Leave it blank to keep it."
            return format_html(words, self.kept.hints[name])
        if name not in self.shared.hints:
            return "Not set."
        if self.addresses:
            return "Not set: the organization's is not sent to an address of your own."
        words = "From the organization: <strong>{}</strong>. Fill in for another."
        return format_html(words, self.shared.hints[name])

    def _removal(self) -> forms.Field:
        labels = {p.name: p.label for p in self.properties.values()}
        return forms.MultipleChoiceField(
            required=False,
            label="Remove",
            choices=[(name, labels.get(name, name)) for name in self.kept.hints],
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            help_text="What is ticked here is forgotten.",
        )

    def new(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """What was filled in, by the names of the secrets."""
        found = {p.name: cleaned.get(name) for name, p in self.properties.items()}
        return {name: v for name, v in found.items() if v not in (None, "", [], {})}

    def left(self, cleaned: Mapping[str, Any]) -> Kept:
        """What stays of one's own when this is stored."""
        gone = {*self.new(cleaned), *cleaned.get(REMOVED, ())}
        return self.kept.without(gone)

    def complain(self, form: forms.BaseForm) -> None:
        """Add what is wrong by the schema, in words that repeat no secret."""
        new = self.new(form.cleaned_data)
        for name, prop in self.properties.items():
            if prop.name in new:
                for words in complaints(prop.schema, new[prop.name]):
                    form.add_error(name, words)

    def changed(self, cleaned: Mapping[str, Any]) -> Sealed | None:
        """What is to be stored now; None when nothing was touched."""
        new, removed = self.new(cleaned), frozenset(cleaned.get(REMOVED, ()))
        if not new and not removed:
            return None
        if self.kept.is_broken:
            return Sealed.of(new)
        return self.sealed.changed_by(new, without=removed)


def set_on(moment: Any, by: User | None) -> str:
    """`Set on 2 March 2026, 14:30 by ed`; empty for what was never set."""
    if moment is None:
        return ""
    when = date_format(localtime(moment), "j F Y, H:i")
    return f"Set on {when}" + (f" by {by}" if by else "")
