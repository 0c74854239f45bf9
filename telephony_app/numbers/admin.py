"""Telephone numbers in the admin: who answers each, and whether it works."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.html import format_html
from unfold.decorators import display

from accounts.admin_scope import ScopedFilter, user_of
from accounts.models import Role
from accounts.owned_admin import OwnedAdmin
from telephony_app import tasks
from telephony_app.call_page.agent_columns import ago, calls_of_today
from telephony_app.checked_admin import CheckedAdmin, Verb
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.numbers import adding, buying, releasing
from telephony_app.numbers.connecting import TAKEN
from telephony_app.numbers.form import NumberForm
from telephony_app.waiting import while_waiting

HEALTH_COLOURS: dict[str, str | None] = {
    PhoneNumber.Health.UNKNOWN: None,
    PhoneNumber.Health.WELL: "success",
    PhoneNumber.Health.ILL: "danger",
    "off": "warning",
}


def _is_taken(number: PhoneNumber) -> bool:
    """Whether somebody else answers it at Twilio."""
    return any(finding.code == TAKEN for finding in number.found)


@admin.register(PhoneNumber)
class NumberAdmin(CheckedAdmin, OwnedAdmin):
    """Editors say who answers; admins buy and release."""

    form = NumberForm
    list_display_links = ["named"]
    search_fields = ["number", "label", "agent__name"]
    warn_unsaved_form = True
    actions = None
    verbs = {
        "check": Verb(
            "Check now", "stethoscope", tasks.check_number.delay, "The doctor looks"
        ),
        "repair": Verb("Repair", "build", tasks.mend_number.delay, "Repairing"),
        "take-over": Verb(
            "Take over",
            "swap_horiz",
            lambda pk: tasks.mend_number.delay(pk, take_over=True),
            "Taking the number over",
            is_offered=_is_taken,
        ),
    }
    fieldsets = [
        (
            "Number",
            {"fields": ["organization", "number", "label", "agent", "is_active"]},
        ),
        (
            "When nobody can answer",
            {"fields": ["opening_hours", "time_zone", "forward_to", "max_calls"]},
        ),
    ]

    def get_urls(self) -> list[URLPattern]:
        return [*buying.urls(self), *releasing.urls(self), *super().get_urls()]

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[PhoneNumber]:
        rows = super().get_queryset(request).select_related("organization", "agent")
        counted: QuerySet[PhoneNumber] = rows.annotate(
            calls_today=calls_of_today("phone_number")
        )
        return counted

    def changelist_view(
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """With what an empty list leads to."""
        user = user_of(request)
        more = {
            "may_buy": user.has_role(Role.ADMIN),
            "has_account": TwilioAccount.objects.for_user(user).exists(),
        }
        page: HttpResponse = super().changelist_view(request, more)
        return page

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        place = [] if user_of(request).only_organization else ["organization"]
        return ["named", "health_label", "answered_by", *place, "today", "checked"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        place = [("organization", ScopedFilter)]
        only = user_of(request).only_organization
        return ["health", "is_active", *([] if only else place)]

    @display(description="Number", ordering="number")
    def named(self, number: PhoneNumber) -> str:
        words = "<strong>{}</strong><small>{}</small>"
        return format_html(words, number.pretty, number.label)

    @display(description="Health", ordering="health", label=HEALTH_COLOURS)
    def health_label(self, number: PhoneNumber) -> tuple[str, str]:
        if not number.is_active:
            return "off", "Switched off"
        return number.health, number.get_health_display()

    @display(description="Answered by", ordering="agent__name")
    def answered_by(self, number: PhoneNumber) -> str:
        return str(number.agent) if number.agent else "nobody"

    @display(description="Calls today", ordering="calls_today")
    def today(self, number: Any) -> int:
        return int(number.calls_today)

    @display(description="Checked", ordering="checked_at")
    def checked(self, number: PhoneNumber) -> str:
        return ago(number.checked_at)

    # The form

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """In place of an empty form: the account's numbers with boxes to tick. By hand,
        a number of another provider's can be typed."""
        if "by" in request.GET or not self.has_add_permission(request):
            page: HttpResponse = super().add_view(request, form_url, extra_context)
            return page
        return adding.add_numbers(self, request)

    def unasked(self, request: HttpRequest, row: Any) -> set[str]:
        """The number is asked once."""
        return super().unasked(request, row) | ({"number"} if row else set())

    def standing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """With *Release* for who may."""
        return super().standing(request, row) | {
            "summary_template": "admin/telephony_app/phonenumber/summary.html",
            "more_template": "admin/telephony_app/phonenumber/more.html",
            "may_release": releasing.may_release(request, row),
        }

    def save_model(
        self, request: HttpRequest, obj: PhoneNumber, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        self.send("repair" if not change else "check", obj)

    def saved(self, request: HttpRequest, row: PhoneNumber) -> HttpResponse:
        who = f"{row.agent} answers" if row.agent else "Nobody answers"
        words = f"Saved. {who} from the next call."
        self.message_user(request, words, messages.SUCCESS)
        return redirect(while_waiting(self.page_of(row)))

    def delete_model(self, request: HttpRequest, obj: PhoneNumber) -> None:
        """It stays at Twilio, where it asks us no more."""
        super().delete_model(request, obj)
        releasing.let_go(obj)
