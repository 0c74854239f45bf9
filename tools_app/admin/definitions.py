"""Endpoints and MCP servers, described in a form."""

import itertools
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.text import slugify
from pydantic import BaseModel

from accounts.admin_scope import user_of
from accounts.models import Organization
from accounts.owned_admin import OwnedAdmin, OwnedForm
from tools_app.admin.definition_fields import DefinitionFields
from tools_app.endpoints.definition import HttpDefinition
from tools_app.functions.descriptions import describe
from tools_app.mcp.definition import McpDefinition
from tools_app.models import Kind, PlatformTool

MODELS: dict[str, type[BaseModel]] = {
    Kind.HTTP: HttpDefinition,
    Kind.MCP: McpDefinition,
}
TITLES = {Kind.HTTP: "New HTTP endpoint", Kind.MCP: "New MCP server"}


class DefinitionForm(OwnedForm):
    """A tool that needs no code."""

    kind: ClassVar[Kind]
    about: ClassVar[DefinitionFields]
    definition: Any = None

    class Meta:
        model = PlatformTool
        fields = ["organization", "name", "description"]
        labels = {"description": "Note"}
        help_texts = {
            "name": "How staff find it.",
            "description": "What it is for, for your team; the model never reads it.",
            "organization": "Whose agents may have it.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = self.kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance.pk:
            place = cleaned.get("organization", self.home)
            taken = _keys_of(place)
            self.instance.key = self._new_key(cleaned.get("name", ""), taken)
            if self.instance.key in taken:
                self.add_error("name", "There is a tool of this name: choose another.")
        is_readable = not self.about.fields.keys() & self.errors.keys()
        self.definition = self.about.definition(self) if is_readable else None
        return cleaned

    def _new_key(self, name: str, taken: set[str]) -> str:
        """The name as a key; of one that has no letters of ours, a free number."""
        if named := slugify(name).replace("-", "_")[:80]:
            return named
        numbered = (f"{self.kind}_{n}" for n in itertools.count(1))
        return next(key for key in numbered if key not in taken)


def _keys_of(organization: Organization | None) -> set[str]:
    theirs = PlatformTool.objects.filter(organization=organization)
    return set(theirs.values_list("key", flat=True))


class DefinitionPages(OwnedAdmin):
    """The forms of tools that need no code."""

    def get_urls(self) -> list[URLPattern]:
        edit = self.admin_site.admin_view(self.edit_view)
        route = path("<int:pk>/edit/", edit, name="tools_app_platformtool_edit")
        own: list[URLPattern] = super().get_urls()
        return [route, *own]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form of the kind that the address names."""
        kind = request.GET.get("kind", "")
        if kind not in MODELS and self.has_add_permission(request):
            return redirect("admin:tools_app_platformtool_changelist")
        title = {"title": TITLES.get(Kind(kind), "")} if kind in MODELS else {}
        page: HttpResponse = super().add_view(request, form_url, title)
        return page

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a definition; the tool's own page is for reading."""
        tool: PlatformTool | None = self.get_object(request, str(pk))
        if tool is None or tool.kind not in MODELS:
            raise Http404
        if not self.has_change_permission(request, tool):
            return redirect("admin:tools_app_platformtool_change", pk)
        page: HttpResponse = self.changeform_view(request, str(pk))
        return page

    def _fields(self, request: HttpRequest, tool: PlatformTool | None) -> Any:
        kind = tool.kind if tool else request.GET.get("kind", "")
        return DefinitionFields(MODELS[kind], tool.definition if tool else {})

    def sections(self, request: HttpRequest, row: Any) -> Any:
        first = ("Tool", {"fields": ["organization", "name", "description"]})
        return [first, *self._fields(request, row).fieldsets]

    def unasked(self, request: HttpRequest, row: Any) -> set[str]:
        """The organization is asked once; whose a tool is stands in the list."""
        return {"organization"} if row else super().unasked(request, row)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        about = self._fields(request, obj)
        more = {
            "kind": Kind(obj.kind if obj else request.GET["kind"]),
            "about": about,
        }
        made = type("DefinitionForm", (DefinitionForm,), about.fields | more)
        return super().get_form(request, obj, **kwargs, form=made)

    def formfield_for_foreignkey(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        """What is for everybody is made by a superuser only."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "organization" and field is not None:
            field.required = not user_of(request).is_superuser
            field.empty_label = None if field.required else "(everybody)"
        return field

    def save_model(
        self, request: HttpRequest, obj: PlatformTool, form: Any, change: bool
    ) -> None:
        """Write the row; what the model is told of it, and what differs, with it."""
        definition = form.definition
        schema = getattr(definition, "sensitive_schema", {})
        columns = {
            "name": obj.name,
            "description": obj.description,
            "definition": definition.model_dump(mode="json", exclude_defaults=True),
            "sensitive_schema": schema,
            "requires_auth": bool(schema.get("properties")),
        }
        if not change:
            super().save_model(request, obj, form, change)
        if obj.kind == Kind.HTTP:
            describe(obj, [definition.spec], **columns)
            return
        for name, value in columns.items():
            setattr(obj, name, value)
        obj.save()

    def saved(self, request: HttpRequest, row: PlatformTool) -> HttpResponse:
        self.message_user(request, "Saved.", messages.SUCCESS)
        if row.kind == Kind.MCP:
            return self.look_at(row)  # type: ignore[no-any-return]
        return redirect("admin:tools_app_platformtool_change", row.pk)
