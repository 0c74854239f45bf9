"""Voice workers in the admin: which run, and how full they are."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from telephony_app.call_page.agent_columns import ago
from telephony_app.models import WorkerHeartbeat

CONDITIONS = {"alive": "success", "draining": "warning", "gone": "danger"}


@admin.register(WorkerHeartbeat)
class WorkerAdmin(ModelAdmin):
    """Workers report themselves, so nobody adds, changes or removes one by hand."""

    list_display = ["name", "condition", "load", "agent_name", "started_at", "heard"]
    list_display_links = None
    sortable_by: list[str] = []
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Condition", label=CONDITIONS)
    def condition(self, worker: WorkerHeartbeat) -> str:
        if not worker.is_alive:
            return "gone"
        return "draining" if worker.is_draining else "alive"

    @display(description="Calls")
    def load(self, worker: WorkerHeartbeat) -> SafeString:
        share = 100 * worker.live / worker.places if worker.places else 0
        return render_to_string(
            "admin/telephony_app/workerheartbeat/load.html",
            {"worker": worker, "share": round(min(100, share))},
        )

    @display(description="Heard of")
    def heard(self, worker: WorkerHeartbeat) -> str:
        return ago(worker.seen_at)
