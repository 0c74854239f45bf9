"""Where an endpoint's secrets go in a request: one line of boxes for each of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

ROWS = 3
PREFIX = "secret_place_"
PARTS = ("name", "place", "key", "prefix")
PLACES = {
    "bearer": "in Authorization: Bearer …",
    "basic": "in Authorization: Basic …",
    "header": "in a header",
    "query": "in the query",
    "placeholder": "where {its name} stands",
}
BOXES = {
    "name": "Name, such as api_key",
    "key": "Header, parameter or user",
    "prefix": "Text before it",
}
ABOUT = (
    "What the other side asks for, such as an API key, and where it goes. Here it only "
    "gets a name: the secret itself is set afterwards, for the organization or for one "
    "agent. A header, a parameter of the query and the user of Basic need a name of "
    "their own; in a header a text may stand before the secret, such as Token."
)
NAMELESS = "Name this secret, or empty the whole line."


class SecretPlaceInput(forms.MultiWidget):
    """The boxes of one secret."""

    def __init__(self) -> None:
        texts = {
            part: UnfoldAdminTextInputWidget(
                {"placeholder": words, "aria-label": words}
            )
            for part, words in BOXES.items()
        }
        place = UnfoldAdminSelectWidget({"aria-label": "Goes"}, list(PLACES.items()))
        boxes = texts | {"place": place}
        super().__init__({part: boxes[part] for part in PARTS})

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        boxes = super().render(*args, **kwargs)
        return format_html('<div class="secret-place">{}</div>', boxes)

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        return [(value or {}).get(part, "") for part in PARTS]


class SecretPlaceField(forms.MultiValueField):
    """A secret's name and place; None for a line without a word."""

    def __init__(self, **kwargs: Any) -> None:
        texts = {part: forms.CharField() for part in BOXES}
        boxes = texts | {"place": forms.ChoiceField(choices=list(PLACES.items()))}
        super().__init__(
            fields=[boxes[part] for part in PARTS],
            widget=SecretPlaceInput(),
            required=False,
            require_all_fields=False,
            **kwargs,
        )
        for box in self.fields:
            box.required = False

    def compress(self, values: list[str]) -> dict[str, str] | None:
        found = dict(zip(PARTS, values, strict=True)) if values else {}
        if found.get("name"):
            return found
        if found.get("key") or found.get("prefix"):
            raise forms.ValidationError(NAMELESS)
        return None


class SecretPlaces:
    """As many lines as there are secrets, and one more; never fewer than three."""

    def __init__(self, given: Sequence[Mapping[str, Any]]) -> None:
        self.given = given
        self.names = [f"{PREFIX}{n}" for n in range(max(ROWS, len(given) + 1))]

    @property
    def fields(self) -> dict[str, forms.Field]:
        """New fields, holding what was given."""
        known = [*self.given, *[None] * len(self.names)]
        return {
            name: SecretPlaceField(label=f"Secret {n}", initial=given)
            for n, (name, given) in enumerate(zip(self.names, known, strict=False), 1)
        }

    @property
    def fieldset(self) -> tuple[str, dict[str, Any]]:
        """The lines, explained."""
        return "Secrets", {"fields": self.names, "description": ABOUT}

    def values(self, cleaned: Mapping[str, Any]) -> list[dict[str, str]]:
        """The secrets that have a name, as the definition keeps them."""
        labels = {given["name"]: given.get("label", "") for given in self.given}
        found = [cleaned[name] for name in self._filled(cleaned)]
        return [own | {"label": labels.get(own["name"], "")} for own in found]

    def field_of(self, number: int, cleaned: Mapping[str, Any]) -> str:
        """The line at fault, by its place among those that were filled in."""
        return (self._filled(cleaned) or self.names)[number]

    def _filled(self, cleaned: Mapping[str, Any]) -> list[str]:
        return [name for name in self.names if cleaned.get(name)]
