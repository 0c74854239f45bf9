"""The scope of every admin page: a member's organizations, by role.

Roles replace Django's per-model permissions, so staff need no permission set up:
viewers look, editors change, admins delete and manage members. Foreign-key choices and
filters are scoped too, because a select box is a list of rows like any other.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, cast

from django.contrib.admin import RelatedFieldListFilter
from django.db import models, router
from django.db.models.deletion import Collector
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import ModelAdmin, TabularInline

from accounts.models import Role, User


def user_of(request: HttpRequest) -> User:
    """The person at an admin page, which lets nobody in who is not signed in."""
    return cast(User, request.user)


def organization_id_of(row: models.Model) -> int:
    """The organization that a row belongs to, by the path its queryset names."""
    path: str = type(row)._default_manager.all().organization_path  # type: ignore[attr-defined]
    found: int = attrgetter(path.replace("__", "."))(row)
    return found


class Scope:
    """Rights and choices that follow the user's memberships.

    The theme asks about a row by its primary key too, so both forms are understood.
    """

    model: type[models.Model]
    change_role = Role.EDITOR

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        queryset = db_field.remote_field.model._default_manager.all()
        if hasattr(queryset, "for_user"):
            kwargs["queryset"] = queryset.for_user(request.user, role=self.change_role)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_role(request, Role.VIEWER, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_role(request, self.change_role, obj)

    def _has_role(self, request: HttpRequest, role: Role, obj: Any = None) -> bool:
        user = request.user
        if not (user.is_active and user.is_staff):
            return False
        if obj is not None and not isinstance(obj, models.Model):
            obj = self.model._default_manager.filter(pk=obj).first()
            if obj is None:
                return False
        place = organization_id_of(obj) if obj is not None else None
        return user.has_role(role, organization_id=place)


class ScopedAdmin(Scope, ModelAdmin):
    """An admin page whose rows, choices and rights follow the user's memberships."""

    delete_role = Role.ADMIN

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.model._default_manager.for_user(request.user)  # type: ignore[attr-defined]
        return rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._has_role(request, Role.VIEWER)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._has_role(request, self.change_role)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_role(request, self.delete_role, obj)

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """The rows that go, and how many others go with them.

        The stock page names each dependent row, and a row can have 100,000 calls.
        """
        rows = list(objs)
        refused = any(not self.has_delete_permission(request, row) for row in rows)
        name = str(self.model._meta.verbose_name)
        counts = {str(self.model._meta.verbose_name_plural): len(rows)}
        for relation in self.model._meta.related_objects:
            if relation.on_delete is models.CASCADE:
                theirs = relation.related_model._default_manager.filter(
                    **{f"{relation.field.name}__in": rows}
                )
                if count := theirs.count():
                    plural = str(relation.related_model._meta.verbose_name_plural)
                    counts[plural] = count
        lacking = {name} if refused else set()
        return [str(row) for row in rows], counts, lacking, self.obstacles(rows)

    def obstacles(self, rows: list[Any]) -> list[str]:
        """What has to go before the rows can be deleted, in words."""
        if not rows or not _may_be_needed(self.model):
            return []
        collector = Collector(using=router.db_for_write(self.model))
        try:
            collector.collect(rows)
        except models.RestrictedError as error:
            needing = sorted(error.restricted_objects, key=attrgetter("pk"))
            return [f"{capfirst(r._meta.verbose_name)}: {r}" for r in needing]
        return []


def _may_be_needed(model: type[models.Model]) -> bool:
    """Whether rows that stay can need these, or what goes with them; most models are
    spared the search, for it reads every row that goes."""
    relations = model._meta.related_objects
    with_them = [r.related_model for r in relations if r.on_delete is models.CASCADE]
    return any(r.on_delete is models.RESTRICT for r in relations) or any(
        _may_be_needed(other) for other in with_them
    )


class ScopedInline(Scope, TabularInline):
    """Rows on the page of what they belong to, with the rights of that page."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_role(request, self.change_role, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_role(request, self.change_role, obj)


class ScopedFilter(RelatedFieldListFilter):
    """A filter by a foreign key that offers only what the user may see."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        rows = field.remote_field.model._default_manager.for_user(request.user)
        return [(str(row.pk), str(row)) for row in rows]
