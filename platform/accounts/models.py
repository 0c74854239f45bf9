"""Who may see and do what: users, organizations, memberships with a role."""

from typing import Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

M = TypeVar("M", bound=models.Model)


class Role(models.TextChoices):
    """What a member may do, from least to most; each role includes those before it."""

    VIEWER = "viewer", "Viewer: sees agents and calls"
    EDITOR = "editor", "Editor: changes and tries out agents"
    ADMIN = "admin", "Admin: manages members too"

    @property
    def and_above(self) -> list["Role"]:
        """This role and every role that includes it."""
        roles = list(Role)
        return roles[roles.index(self) :]


class User(AbstractUser):
    """A person who signs in. A superuser belongs to every organization."""

    @classmethod
    def find(cls, login: str) -> "User":
        """The one active person of this username or e-mail, upper or lower case.

        Raises `DoesNotExist`, or `MultipleObjectsReturned` for a shared e-mail.
        """
        named = models.Q(username__iexact=login) | models.Q(email__iexact=login)
        return cls.objects.get(named, is_active=True)

    @cached_property
    def roles(self) -> dict[int, Role]:
        """The role in each organization, by its id; read once per request."""
        return {m.organization_id: Role(m.role) for m in self.memberships.all()}

    @cached_property
    def only_organization(self) -> "Organization | None":
        """The organization when there is exactly one, so that nobody need ask which."""
        found = list(Organization.objects.for_user(self)[:2])
        return found[0] if len(found) == 1 else None

    def has_role(self, role: Role, *, organization_id: int | None = None) -> bool:
        """Whether the user has at least this role there, or anywhere at all."""
        if self.is_superuser or organization_id is None:
            return self.is_superuser or any(
                held in role.and_above for held in self.roles.values()
            )
        return self.roles.get(organization_id) in role.and_above


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations, selected by who asks."""

    organization_path = "id"

    def for_user(self, user: User | AnonymousUser, *, role: Role = Role.VIEWER) -> Self:
        """Those in which the user has at least this role."""
        if user.is_superuser:
            return self.all()
        return self.filter(
            memberships__user_id=user.pk, memberships__role__in=role.and_above
        )

    def with_member_counts(self) -> Self:
        """Each with `member_count`; a subquery, because a join counts only oneself."""
        members = Membership.objects.filter(organization=models.OuterRef("pk"))
        count = members.values("organization").annotate(n=models.Count("pk"))
        return self.annotate(
            member_count=Coalesce(models.Subquery(count.values("n")), 0)
        )


class Organization(models.Model):
    """A company or team whose agents, numbers and calls nobody else sees."""

    name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organization."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships"
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                name="one_role_per_person_and_organization",
                violation_error_message="This person is already a member here: "
                "change the role in the existing row.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organization}: {self.role}"


class OwnedQuerySet(models.QuerySet[M]):
    """Rows with an organization: the one way to reach them from a page or the API."""

    organization_path = "organization_id"

    def for_user(self, user: User | AnonymousUser, *, role: Role = Role.VIEWER) -> Self:
        """The rows of organizations in which the user has at least this role."""
        if user.is_superuser:
            return self.all()
        allowed = Organization.objects.for_user(user, role=role)
        return self.filter(**{f"{self.organization_path}__in": allowed})

    def count_by(self, path: str, *, outer: str = "pk") -> Coalesce:
        """How many there are for each row outside, to whose column `path` leads.

        A subquery, so that only the rows shown are counted.
        """
        theirs = self.filter(**{path: models.OuterRef(outer)}).order_by().values(path)
        count = theirs.annotate(n=models.Count("pk")).values("n")
        return Coalesce(models.Subquery(count), 0)
