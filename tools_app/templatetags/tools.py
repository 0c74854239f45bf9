"""How pages write what tools are asked and answer."""

from typing import Any

from django import template

from tools_app.badges import (
    HEALTH_COLOURS,
    KIND_COLOURS,
    KIND_WORDS,
    OUTCOME_COLOURS,
)
from tools_app.models import Health, Kind, Outcome
from tools_app.schema_forms.widgets import as_json as written

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """A JSON value as people read it."""
    return written(value)


@register.inclusion_tag("admin/tools_app/badge.html")
def kind_badge(kind: str) -> dict[str, Any]:
    """Where a tool comes from."""
    return _badge(KIND_COLOURS[Kind(kind)], KIND_WORDS[Kind(kind)], Kind(kind).label)


@register.inclusion_tag("admin/tools_app/badge.html")
def health_badge(row: Any) -> dict[str, Any]:
    """What the last look at a tool found, its words on hovering."""
    health = Health(row.health)
    return _badge(HEALTH_COLOURS[health], health.label, row.health_detail)


@register.inclusion_tag("admin/tools_app/badge.html")
def outcome_badge(outcome: str) -> dict[str, Any]:
    """How a tool call went."""
    found = Outcome(outcome)
    return _badge(OUTCOME_COLOURS[found], found.label)


def _badge(colour: str | None, words: Any, title: str = "") -> dict[str, Any]:
    return {"colour": colour or "quiet", "words": words, "title": title}
