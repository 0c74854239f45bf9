"""Calling policies in the admin: what an organization may dial, and how much of it."""

from django.contrib import admin
from unfold.decorators import display

from accounts.models import Role
from accounts.owned_admin import OwnedAdmin
from telephony_app.countries import country_names
from telephony_app.models import CallingPolicy
from telephony_app.outbound.policy_form import PolicyForm

SHOWN = 4


@admin.register(CallingPolicy)
class PolicyAdmin(OwnedAdmin):
    """Admins decide what may be spent."""

    form = PolicyForm
    change_role = Role.ADMIN
    list_display = [
        "organization",
        "calls_out",
        "where",
        "max_calls",
        "minutes_per_day",
    ]
    list_select_related = ["organization"]
    actions = None
    warn_unsaved_form = True
    fieldsets = [
        (
            "Whom agents may call",
            {"fields": ["organization", "may_call_out", "countries"]},
        ),
        ("When", {"fields": ["calling_hours", "time_zone"]}),
        (
            "How much",
            {
                "fields": [
                    "max_calls",
                    "calls_per_minute",
                    "minutes_per_day",
                    "cool_down_minutes",
                ]
            },
        ),
        ("Recordings", {"fields": ["recordings_days"]}),
    ]

    @display(description="Calls out", label={"yes": "success", "no": None})
    def calls_out(self, policy: CallingPolicy) -> str:
        return "yes" if policy.may_call_out else "no"

    @display(description="Countries")
    def where(self, policy: CallingPolicy) -> str:
        """The first ones by name, and how many more."""
        known = country_names()
        names = [known.get(code, code) for code in policy.countries]
        more = len(names) - SHOWN
        listed = ", ".join(names[:SHOWN])
        return f"{listed} and {more} more" if more > 0 else listed or "none"

    def consequence(self, row: CallingPolicy) -> str:
        return f"Calls out of {row.organization} keep to it from now on."
