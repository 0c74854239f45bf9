"""Admin pages of what conversations write down: read, never edited."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.paginator import InfinitePaginator

from accounts.admin_scope import ScopedAdmin


class RecordAdmin(ScopedAdmin):
    """A list that counts nothing, so that its first page costs the same at a million
    rows, and a page for each row in place of a form."""

    page_template: str
    list_filter_submit = True
    list_per_page = 50
    sortable_by: list[str] = []
    paginator = InfinitePaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The row's page."""
        row = self.get_object(request, object_id)
        if row is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        context = self.admin_site.each_context(request) | {
            "title": str(row),
            "opts": self.opts,
            "original": row,
            "has_delete_permission": self.has_delete_permission(request, row),
        }
        return TemplateResponse(
            request, self.page_template, context | self.about(request, row)
        )

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page tells besides."""
        return {}
