"""Twilio accounts in the admin: entered, checked, set up for calling out."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from unfold.decorators import display

from accounts.models import Role
from accounts.owned_admin import OwnedAdmin
from telephony_app import tasks
from telephony_app.checked_admin import CheckedAdmin, Verb
from telephony_app.findings import Severity, worst
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.twilio.form import AccountForm
from telephony_app.waiting import while_waiting

HEALTH_COLOURS: dict[str, str | None] = {
    "unknown": None,
    "well": "success",
    "ill": "danger",
}


@admin.register(TwilioAccount)
class AccountAdmin(CheckedAdmin, OwnedAdmin):
    """Admins enter accounts; nobody reads their tokens."""

    form = AccountForm
    change_role = Role.ADMIN
    list_display = ["account_sid", "organization", "health", "numbers", "calls_out"]
    actions = None
    warn_unsaved_form = True
    tasks_write_the_form = True
    verbs = {
        "check": Verb(
            "Check now",
            "stethoscope",
            tasks.check_account.delay,
            "Asking Twilio",
            role=Role.ADMIN,
        ),
        "line": Verb(
            "Set up calling out",
            "phone_forwarded",
            tasks.set_up_line.delay,
            "Setting up the line by which calls go out",
            role=Role.ADMIN,
        ),
    }

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[TwilioAccount]:
        numbers = PhoneNumber.objects.count_by("organization", outer="organization")
        rows = super().get_queryset(request).select_related("organization")
        found: QuerySet[TwilioAccount] = rows.order_by("organization__name").annotate(
            number_count=numbers
        )
        return found

    @display(description="Health", label=HEALTH_COLOURS)
    def health(self, account: TwilioAccount) -> tuple[str, str]:
        if account.checked_at is None:
            return "unknown", "Not checked yet"
        is_ill = worst(account.found) is Severity.BAD
        return ("ill", "Does not work") if is_ill else ("well", "Works")

    @display(description="Numbers", ordering="number_count")
    def numbers(self, account: Any) -> int:
        return int(account.number_count)

    @display(description="Calls out by")
    def calls_out(self, account: TwilioAccount) -> str:
        return account.termination_host or "not set up"

    # The form

    @method_decorator(sensitive_post_parameters())
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may not enter an account sees in the list that it is there."""
        return self._has_role(request, Role.ADMIN if obj else Role.VIEWER, obj)

    def sections(self, request: HttpRequest, row: Any) -> Any:
        tokens = ["auth_token", "next_auth_token"] if row else ["auth_token"]
        account = ["organization", "account_sid", *tokens, "keeps_recordings"]
        line = ["termination_host", "sip_username", "sip_password"]
        sections = [("Account", {"fields": account})]
        if row:
            fields = {"fields": [*line, "transfers_by_refer"]}
            sections.append(("Calls out", fields))
        return sections

    def standing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        summary = "admin/telephony_app/twilioaccount/summary.html"
        return super().standing(request, row) | {"summary_template": summary}

    def save_model(
        self, request: HttpRequest, obj: TwilioAccount, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        self.send("check", obj)

    def saved(self, request: HttpRequest, row: TwilioAccount) -> HttpResponse:
        words = "Saved. Next: add the numbers that agents answer."
        self.message_user(request, words, messages.SUCCESS)
        return redirect(while_waiting(self.page_of(row)))

    # Deleting

    def obstacles(self, rows: list[Any]) -> list[str]:
        """Numbers that still ask us: without the account nobody can tell Twilio to ask
        no more, and their callers would hear that an error has occurred."""
        theirs = [account.organization_id for account in rows]
        numbers = PhoneNumber.objects.filter(organization__in=theirs)
        mend = "Twilio asks here about its calls: delete or release it first."
        return [f"{number.pretty}: {mend}" for number in numbers]
