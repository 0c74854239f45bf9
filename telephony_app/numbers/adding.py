"""*Add numbers*: those of the Twilio account that are not here yet."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanWidget

from accounts.models import Organization, Role
from agents_app.models import Agent
from telephony_app import tasks
from telephony_app.e164 import spaced
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.numbers.owner import (
    agent_of,
    may_spend,
    organizations_of,
)
from telephony_app.numbers.page import number_page
from telephony_app.twilio.numbers import TwilioNumber, numbers_of
from telephony_app.twilio.rest import TwilioRefused
from telephony_app.twilio.voice_urls import taken_by
from telephony_app.waiting import while_waiting


@dataclass(frozen=True)
class Candidate:
    """A number of the account: `row` is the one that is here already."""

    there: TwilioNumber
    row: PhoneNumber | None
    is_ours: bool
    taker: str

    @property
    def pretty(self) -> str:
        """As people read it."""
        return spaced(self.there.number)

    @property
    def is_free(self) -> bool:
        """Whether it may be added, or given to an agent."""
        is_idle = self.row is None or (self.is_ours and self.row.agent_id is None)
        return self.there.speaks and is_idle


def candidates(account: TwilioAccount) -> list[Candidate]:
    """The account's numbers, those that can be added first; raises `TwilioRefused`."""
    found = numbers_of(account)
    rows = PhoneNumber.objects.filter(number__in=[each.number for each in found])
    here = {row.number: row for row in rows.select_related("agent")}
    theirs = [_candidate(each, here.get(each.number), account) for each in found]
    return sorted(theirs, key=lambda each: (not each.is_free, each.there.number))


def _candidate(
    there: TwilioNumber, row: PhoneNumber | None, account: TwilioAccount
) -> Candidate:
    is_ours = row is not None and row.organization_id == account.organization_id
    return Candidate(there, row, is_ours, taken_by(there))


class AddingForm(forms.Form):
    """Which numbers, who answers them, and whether to take over what others answer."""

    numbers = forms.MultipleChoiceField(
        error_messages={"required": "Tick at least one number."}
    )
    agent = forms.ModelChoiceField(
        Agent.objects.none(),
        required=False,
        label="Answered by",
        empty_label="Nobody yet",
        widget=UnfoldAdminSelectWidget,
    )
    take_over = forms.BooleanField(
        required=False,
        label="Take over numbers that something else answers now",
        widget=UnfoldBooleanWidget,
    )

    def __init__(
        self, found: list[Candidate], organization: Organization, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        free = [each for each in found if each.is_free]
        self._sids = {each.there.number: each.there.sid for each in free}
        numbers, agent = self.fields["numbers"], self.fields["agent"]
        numbers.choices = [(each.there.number, each.pretty) for each in free]  # type: ignore[attr-defined]
        agent.queryset = Agent.objects.filter(organization=organization)  # type: ignore[attr-defined]
        if not any(each.taker for each in free):
            del self.fields["take_over"]

    @transaction.atomic
    def save(self, organization: Organization) -> list[PhoneNumber]:
        """The rows, each pointed here by a task."""
        chosen = self.cleaned_data
        rows = [
            PhoneNumber.objects.update_or_create(
                number=number,
                organization=organization,
                defaults={"agent": chosen["agent"], "twilio_sid": self._sids[number]},
            )[0]
            for number in chosen["numbers"]
        ]
        take_over = chosen.get("take_over", False)
        for row in rows:
            transaction.on_commit(_mending(row, take_over=take_over), robust=True)
        return rows


def _mending(row: PhoneNumber, *, take_over: bool) -> Any:
    return lambda: tasks.mend_number.delay(row.pk, take_over=take_over)


def add_numbers(number_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """The account's numbers with boxes to tick; first whose, if that is not clear."""
    organizations = organizations_of(request, Role.EDITOR)
    if len(organizations) != 1:
        words = {"title": "Add numbers for whom?", "organizations": organizations}
        return number_page(number_admin, request, "whose.html", **words)
    return _add(number_admin, request, organizations[0])


def _add(
    number_admin: ModelAdmin, request: HttpRequest, organization: Organization
) -> HttpResponse:
    account, agent = TwilioAccount.objects.of(organization.pk), agent_of(request)
    about = {
        "title": f"Add numbers of {organization}",
        "organization": organization,
        "agent": agent,
        "may_buy": may_spend(request, organization),
    }
    if account is None:
        return number_page(number_admin, request, "no_account.html", **about)
    try:
        found = candidates(account)
    except TwilioRefused as refused:
        about |= {"refused": str(refused), "account": account}
        return number_page(number_admin, request, "refused.html", **about)
    sent = request.POST if request.method == "POST" else None
    form = AddingForm(found, organization, data=sent, initial={"agent": agent})
    if form.is_valid():
        return _added(request, form.save(organization))
    about |= {"form": form, "found": found, "chosen": form["numbers"].value() or []}
    return number_page(number_admin, request, "adding.html", **about)


def _added(request: HttpRequest, rows: list[PhoneNumber]) -> HttpResponse:
    names = ", ".join(row.pretty for row in rows)
    words = f"Added: {names}. The doctor is looking whether calls get through."
    messages.success(request, words)
    if len(rows) == 1:
        page = reverse("admin:telephony_app_phonenumber_change", args=[rows[0].pk])
        return redirect(while_waiting(page))
    return redirect("admin:telephony_app_phonenumber_changelist")
