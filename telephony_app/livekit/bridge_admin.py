"""The SIP bridge in the admin: what LiveKit has of it, and setting it up."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import display

from accounts.models import Role
from telephony_app import tasks
from telephony_app.checked_admin import CheckedAdmin, Verb
from telephony_app.models import SipBridge


@admin.register(SipBridge)
class BridgeAdmin(CheckedAdmin):
    """There is one, for all organizations: who runs the server looks after it."""

    tasks_write_the_form = True
    verbs = {
        "set-up": Verb(
            "Set up or repair",
            "build",
            lambda _: tasks.set_up_bridge.delay(),
            "Setting up",
        )
    }
    readonly_fields = ["reached_at", "username", "trunk", "rule"]
    fieldsets = [
        (
            "Where calls come in",
            {
                "fields": readonly_fields,
                "description": "Twilio dials LiveKit's SIP bridge. There a trunk asks "
                "for a password, and a dispatch rule leads each call to its room. Both "
                "live in LiveKit's Redis: what is lost there is put back within a "
                "minute.",
            },
        )
    ]

    def changelist_view(
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        """Straight to the one."""
        if not self.has_view_permission(request):
            refused: HttpResponse = super().changelist_view(request, extra_context)
            return refused
        return redirect(self.page_of(SipBridge.current()))

    @display(description="Address")
    def reached_at(self, _: SipBridge) -> str:
        return f"{settings.SIP_HOST} over {settings.SIP_TRANSPORT}"

    @display(description="Trunk")
    def trunk(self, bridge: SipBridge) -> str:
        return bridge.trunk_id or "not made yet"

    @display(description="Dispatch rule")
    def rule(self, bridge: SipBridge) -> str:
        return bridge.rule_id or "not made yet"

    def standing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        summary = "admin/telephony_app/sipbridge/summary.html"
        return super().standing(request, row) | {"summary_template": summary}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._has_role(request, Role.ADMIN)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _has_role(self, request: HttpRequest, role: Role, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)
