"""Admin pages of rows that belong to an organization, which is asked only of people
who work in several, and once."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.admin_scope import ScopedAdmin, user_of
from accounts.models import Organization


class OwnedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of an organization."""

    home: ClassVar[Organization | None] = None
    """The organization of a new row where there is only one to choose."""
    second = ""
    """What is said where an organization has such a row already, and one is all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.home and not self.instance.organization_id:
            self.instance.organization = self.home

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.second and not self.instance.pk and self._has_one():
            is_asked = "organization" in self.fields
            self.add_error("organization" if is_asked else None, self.second)
        return self.cleaned_data

    def _has_one(self) -> bool:
        theirs = self.cleaned_data.get("organization", self.home)
        rows = self._meta.model._default_manager.filter(organization=theirs)
        return bool(theirs and rows.exists())

    def _get_validation_exclusions(self) -> set[str]:
        """What is unique in an organization is so where the page does not ask it."""
        left_out: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        is_known = self.instance.organization_id and not self.second
        return left_out - {"organization"} if is_known else left_out


class OwnedAdmin(ScopedAdmin):
    """Pages with an `OwnedForm`."""

    def sections(self, request: HttpRequest, row: Any) -> Any:
        """The fieldsets, with everything that is ever asked."""
        return super().get_fieldsets(request, row)

    def unasked(self, request: HttpRequest, row: Any) -> set[str]:
        """The fields that this person is not asked for this row."""
        return {"organization"} if user_of(request).only_organization else set()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        unasked, asked = self.unasked(request, obj), []
        for title, about in self.sections(request, obj):
            fields = [name for name in about["fields"] if name not in unasked]
            asked.append((title, about | {"fields": fields}))
        return asked

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["organization"] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.home = None if obj else user_of(request).only_organization
        return form

    def consequence(self, row: Any) -> str:
        """What follows from having saved the row; nothing, or a sentence."""
        return ""

    def saved(self, request: HttpRequest, row: Any) -> HttpResponse:
        """Say what was saved, and lead on: to the list."""
        words = f"Saved. {self.consequence(row)}".strip()
        self.message_user(request, words, messages.SUCCESS)
        return redirect(f"admin:{self.opts.label_lower.replace('.', '_')}_changelist")

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.saved(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            popup: HttpResponse = super().response_add(request, obj, post_url_continue)
            return popup
        return self.saved(request, obj)
