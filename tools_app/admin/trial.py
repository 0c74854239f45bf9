"""*Test*: a function of a tool, run by Celery with its real secrets."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self

from django import forms
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils import timezone

from accounts.models import User
from sealed.forms import SecretInput, SecretsForm
from tools_app.models import AgentTool, ToolFunction, ToolTrial
from tools_app.redaction import is_secret_name
from tools_app.schema_forms.schema_fields import SchemaFields
from tools_app.tasks import try_tool

# After this a task that nobody began is likely to wait for a worker that is not there.
WAITS_LONG = timedelta(seconds=6)
# The longest timeout of a tool, and some time to open and close it.
GIVEN_UP = timedelta(seconds=90)


class TrialForm(SecretsForm, forms.Form):
    """The arguments of one function; nothing for the tool's own test.

    `key` is made with the page, so that a second click does nothing a second time.
    """

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    functions: ClassVar[list[ToolFunction]]
    function: ClassVar[ToolFunction | None]
    schema: ClassVar[SchemaFields]

    @classmethod
    def of(cls, row: AgentTool, name: str, data: Any = None) -> Self:
        """The form of a function by its name; of the tool's own test, without one."""
        functions = list(row.platform_tool.functions.filter(removed_at=None))
        function = next((f for f in functions if f.name == name), None)
        if name and function is None:
            raise Http404
        schema = SchemaFields(function.parameters if function else {}, prefix="arg__")
        fields = schema.fields
        for field, prop in schema.properties.items():
            if function and _is_secret(prop.name, function):
                fields[field].widget = SecretInput()
        about = {"functions": functions, "function": function, "schema": schema}
        made: Self = type(cls.__name__, (cls,), {**fields, **about})(
            data, initial={"key": str(uuid.uuid4())}
        )
        return made

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.schema.complain(self)
        return cleaned

    @property
    def function_name(self) -> str:
        """What is tested; empty for the tool's own test."""
        return self.function.name if self.function else ""

    @property
    def arguments(self) -> dict[str, Any]:
        """What the function is called with."""
        return self.schema.values(self.cleaned_data)

    @property
    def digest(self) -> str:
        """What was sent, as the test keeps it: with other arguments, another one."""
        sent = [self.cleaned_data["key"], self.function_name, self.arguments]
        return hashlib.sha256(json.dumps(sent).encode()).hexdigest()

    def renew_key(self) -> None:
        """Let the page that comes back ask for a test of its own."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["key"] = str(uuid.uuid4())
        self.data = data


def _is_secret(name: str, function: ToolFunction) -> bool:
    """Whether the argument is one that no page may show."""
    return name in function.secret_parameters or is_secret_name(name)


def begin(row: AgentTool, form: TrialForm, *, by: User) -> ToolTrial:
    """Write down what to try, and have it tried; sent again it is the same test."""
    about = {
        "function": form.function_name,
        "arguments": form.arguments,
        "asked_by": by,
    }
    trial, is_new = ToolTrial.objects.get_or_create(
        agent_tool=row, request_key=form.digest, defaults=about
    )
    if is_new:
        transaction.on_commit(lambda: try_tool.delay(trial.pk), robust=True)
    form.renew_key()
    return trial


@dataclass(frozen=True)
class TrialView:
    """A test as its page shows it."""

    trial: ToolTrial

    @property
    def is_open(self) -> bool:
        """Whether the page should look again."""
        return self.trial.finished_at is None and not self.is_lost

    @property
    def waits_long(self) -> bool:
        """Whether nobody has begun it for a suspiciously long time."""
        return self.trial.started_at is None and self._age > WAITS_LONG

    @property
    def is_lost(self) -> bool:
        """Whether nobody is going to finish it."""
        return self.trial.finished_at is None and self._age > GIVEN_UP

    @property
    def _age(self) -> timedelta:
        return timezone.now() - self.trial.asked_at
