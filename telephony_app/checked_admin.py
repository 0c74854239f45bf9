"""Admin pages of what a task checks: what it found stands above the form."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from accounts.admin_scope import Scope
from accounts.models import Role
from telephony_app.findings import Severity
from telephony_app.fragments import fragment
from telephony_app.models.checked import Checked
from telephony_app.waiting import is_waiting, was_in_vain, while_waiting


def _always(_: Any) -> bool:
    return True


@dataclass(frozen=True)
class Verb:
    """A button that sends a task about the row, by its id."""

    label: str
    icon: str
    send: Callable[[Any], object]
    busy: str
    role: Role = Role.EDITOR
    is_offered: Callable[[Any], bool] = _always


class CheckedAdmin(Scope, ModelAdmin):
    """The part above the form asks for itself again until the task has ended."""

    verbs: ClassVar[dict[str, Verb]] = {}
    tasks_write_the_form = False
    """Whether the form is out of date once a task has ended."""
    change_form_template = "admin/telephony_app/checked_form.html"

    def get_urls(self) -> list[URLPattern]:
        wrap, own = self.admin_site.admin_view, super().get_urls()
        part, do = fragment(wrap(self.standing_view)), require_POST(wrap(self.do_view))
        return [
            path("<int:pk>/standing/", part, name=self._named("standing")),
            path("<int:pk>/do/<slug:verb>/", do, name=self._named("do")),
            *own,
        ]

    def standing_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The part above the form."""
        context = {"opts": self.opts, **self.standing(request, self.row(request, pk))}
        part = TemplateResponse(request, "admin/telephony_app/standing.html", context)
        if self.tasks_write_the_form and not context["is_waiting"]:
            part["HX-Refresh"] = "true"
        return part

    def do_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Send the task, and wait for it on the row's page."""
        row = self.row(request, pk)
        if verb not in self.verbs:
            raise Http404
        if not self.may_do(request, self.verbs[verb], row):
            raise PermissionDenied
        self.send(verb, row)
        return redirect(f"{while_waiting(self.page_of(row))}&doing={verb}")

    def send(self, verb: str, row: Any) -> None:
        """Send a button's task, once the row is stored."""
        transaction.on_commit(partial(self.verbs[verb].send, row.pk), robust=True)

    def page_of(self, row: Any) -> str:
        """Where the row's page is."""
        return reverse(f"admin:{self._named('change')}", args=[row.pk])

    def may_do(self, request: HttpRequest, verb: Verb, row: Any) -> bool:
        """Whether the button is there for this person."""
        return self._has_role(request, verb.role, row) and verb.is_offered(row)

    def row(self, request: HttpRequest, pk: int) -> Any:
        """One that the user may see."""
        found = self.get_object(request, str(pk))
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def standing(self, request: HttpRequest, row: Checked) -> dict[str, Any]:
        """What the part above the form shows."""
        doing = self.verbs.get(request.GET.get("doing", ""))
        found = row.found
        return {
            "original": row,
            "is_waiting": is_waiting(request, row.checked_at),
            "in_vain": was_in_vain(request, row.checked_at),
            "query": request.GET.urlencode(),
            "busy": doing.busy if doing else "Checking",
            "troubles": [f for f in found if f.severity != Severity.FINE],
            "fine": [f for f in found if f.severity == Severity.FINE],
            "standing_url": reverse(f"admin:{self._named('standing')}", args=[row.pk]),
            "buttons": [
                (reverse(f"admin:{self._named('do')}", args=[row.pk, name]), verb)
                for name, verb in self.verbs.items()
                if self.may_do(request, verb, row)
            ],
        }

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        above = self.standing(request, row) if row else {}
        page: HttpResponse = super().render_change_form(
            request, context | above, *args, **kwargs
        )
        return page

    def _named(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"
