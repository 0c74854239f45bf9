"""A key is asked for again where a changed address would have it sent elsewhere."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.views.decorators.debug import sensitive_variables

from tools_app.admin.agent_tool_subject import Subject
from tools_app.admin.secret_fields import BROKEN
from tools_app.own_addresses import addresses_in

KEPT = (
    "Enter it again: %s is a new address, and what is kept is not sent there. Or put "
    "the old address back."
)
SHARED = (
    "Enter one for this agent: the organization's is not sent to an address of your "
    "own (%s). Or leave that one as the tool comes."
)


@sensitive_variables("entered")
def ask_again(
    form: forms.BaseForm, subject: Subject, config: Mapping[str, Any]
) -> None:
    """Add an error at each secret that would go where nobody who knows it meant it to:
    a kept one to a new address, the organization's to any of the tool's own."""
    secrets = subject.secrets
    entered = secrets.new(form.cleaned_data)
    left = secrets.left(form.cleaned_data)
    own = addresses_in(config) | addresses_in(entered) | left.addresses
    new = [name for address, name in own.items() if address not in secrets.addresses]
    if new and secrets.kept.is_broken and not entered:
        form.add_error(None, BROKEN)
    for field, prop in secrets.properties.items():
        if prop.name in entered or prop.name in left.addresses.values():
            continue
        if prop.name in left.hints:
            if new:
                form.add_error(field, KEPT % subject.label_of(new[0]))
        elif own and prop.is_required and prop.name in secrets.shared.hints:
            form.add_error(field, SHARED % subject.label_of(next(iter(own.values()))))
