"""`SealedField`: a column of secrets, sealed in the database and in memory."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.views.decorators.debug import sensitive_variables
from django_cryptography.fields import get_encrypted_field

from sealed.handle import Sealed

# Version and first bytes of the time (https://github.com/fernet/spec).
FERNET_BEGIN = "gAAAA"


class SealOnAssignment:
    """The attribute of a sealed column: plain words are sealed the moment they are
    assigned, so that no copy of the row ever holds them."""

    def __init__(self, field: "SealedField") -> None:
        self._field = field

    def __get__(self, row: models.Model | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        if self._field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self._field.attname])
        return row.__dict__[self._field.attname]

    @sensitive_variables()
    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self._field.attname] = self._field.to_python(value)


class SealedField(get_encrypted_field(models.TextField, True)):  # type: ignore[misc]
    """A dictionary of named secrets; its attribute is a `Sealed`.

    Assign a dictionary to seal it. It can be looked up only by whether it is null. The
    column, its checks and its lookups are django-cryptography's; how values are turned
    into bytes is not: that package pickles them and binds them to `SECRET_KEY`.
    """

    description = "Sealed secrets"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        kwargs.setdefault("default", Sealed)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """As written in a migration: what every sealed column has is left out."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        kwargs.pop("default", None)
        return name, path, args, kwargs

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Put the sealing attribute in place."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, SealOnAssignment(self))

    @sensitive_variables()
    def to_python(self, value: Any) -> Sealed:
        """Seal plain words, or take a token as it is."""
        if isinstance(value, Sealed):
            return value
        if isinstance(value, dict):
            return Sealed.of(value)
        if not value:
            return Sealed()
        if isinstance(value, str) and value.startswith(FERNET_BEGIN):
            return Sealed(value)
        raise ValidationError("Secrets are given as names with values.")

    def get_prep_value(self, value: Any) -> Sealed | None:
        """What is stored: no secrets at all are NULL where the column allows it."""
        sealed = self.to_python(value)
        return None if self.null and not sealed else sealed

    def _dump(self, value: Any) -> bytes:
        return self.to_python(value).token.encode()

    def _load(self, value: bytes) -> Sealed:
        return Sealed(value.decode())

    def value_to_string(self, obj: models.Model) -> str:
        """The token, for a dump of the database."""
        return self.to_python(self.value_from_object(obj)).token

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """Keep the secrets when a form has nothing new."""
        if data is not None:
            super().save_form_data(instance, data)
