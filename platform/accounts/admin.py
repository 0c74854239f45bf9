"""Organizations, their members and users in the admin."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.admin_scope import ScopedAdmin, ScopedInline
from accounts.forms import MembershipForm
from accounts.models import Membership, Organization, Role, User

# Roles say who may do what; a second way to say it would only confuse.
admin.site.unregister(Group)


class MembershipInline(ScopedInline):
    """Who belongs to the organization, and what they may do."""

    model = Membership
    form = MembershipForm
    change_role = Role.ADMIN
    verbose_name = "member"
    verbose_name_plural = "Members"
    hide_title = True
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows: QuerySet[Membership] = super().get_queryset(request)
        return rows.select_related("user").order_by("user__username")


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin):
    """An organization's admins rename it and manage its members."""

    change_role = Role.ADMIN
    inlines = [MembershipInline]
    list_display = ["name", "members", "created_at"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        rows: QuerySet[Organization] = super().get_queryset(request)
        return rows.with_member_counts()  # type: ignore[attr-defined, no-any-return]

    @display(description="Members", ordering="member_count")
    def members(self, organization: Any) -> int:
        """How many people belong to it."""
        return int(organization.member_count)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """People who sign in; only a superuser sees and makes them."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        ("Access", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "is_staff", "password1", "password2"]})
    ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": True}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission
