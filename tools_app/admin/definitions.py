"""Endpoints and MCP servers, described in a form."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin


class DefinitionPages(ModelAdmin):
    """The forms of tools that need no code."""

    def get_urls(self) -> list[URLPattern]:
        edit = self.admin_site.admin_view(self.edit_view)
        route = path("<int:pk>/edit/", edit, name="tools_app_platformtool_edit")
        own: list[URLPattern] = super().get_urls()
        return [route, *own]

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a definition."""
        page: HttpResponse = super().change_view(request, str(pk))
        return page
