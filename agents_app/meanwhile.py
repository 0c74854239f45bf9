"""Two people edit one agent: the second to save is told what the first one changed."""

import hashlib
import json
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.http import QueryDict

from agents_app.models import Agent

STAMP = "opened_at_values"


def stamp_of(agent: Agent) -> str:
    """A digest of the agent as stored: another one means that somebody saved."""
    values = agent.values | {"description": agent.description}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


class NoticesOthers(forms.ModelForm):  # type: ignore[type-arg]
    """A form that does not overwrite in silence what somebody saved meanwhile.

    It carries the stamp of what it was opened with. Saved a second time it goes
    through, for then the person knows; so does one that was sent twice by a double
    click, for it overwrites nothing.
    """

    opened_at_values = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial[STAMP] = stamp_of(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        stamp, now = cleaned.get(STAMP), self.initial.get(STAMP)
        if stamp and now and stamp != now and (labels := self._differing()):
            self._renew(now)
            raise ValidationError(self._complaint(labels), code="changed_meanwhile")
        return cleaned

    def _renew(self, stamp: str) -> None:
        """Let the page that comes back carry the stamp of what is stored now."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix(STAMP)] = stamp
        self.data = data

    def _differing(self) -> str:
        """The labels of what differs from what is stored now."""
        names = [name for name in self.changed_data if name != STAMP]
        return ", ".join(str(self.fields[name].label) for name in names)

    def _complaint(self, labels: str) -> str:
        return (
            f"{_last_editor(self.instance)} changed this agent while you edited it. "
            f"Nothing is saved yet. Your page differs from what is stored now in: "
            f"{labels}. Look at the history for what was changed, or save again to "
            "replace it with yours."
        )


def _last_editor(agent: Agent) -> str:
    entries = LogEntry.objects.filter(
        content_type__app_label="agents_app",
        content_type__model="agent",
        object_id=str(agent.pk),
    )
    last = entries.select_related("user").order_by("-action_time").first()
    return str(last.user) if last else "Somebody"
