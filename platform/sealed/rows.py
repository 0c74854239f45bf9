"""Every sealed value in the database, and putting it under the newest key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from sealed.fields import SealedField
from sealed.handle import Sealed
from sealed.keys import is_newest, seal, unseal


def sealed_columns() -> Iterator["Column"]:
    """The sealed columns of every table, each once: a proxy or a child model shows
    columns that are its parent's."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedField):
                yield Column(model, field)


def is_stale(sealed: Sealed) -> bool:
    """Whether it waits for rotation; raises `SealBroken` when none of our keys opens
    it, so that a dry run tells of it too."""
    if not sealed or is_newest(sealed.token):
        return False
    unseal(sealed.token)
    return True


@dataclass(frozen=True)
class Column:
    """A sealed column of a model."""

    model: type[models.Model]
    field: SealedField

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def _all(self) -> models.QuerySet[Any]:
        rows = self.model._base_manager.order_by("pk")
        return rows.filter(**{f"{self.field.name}__isnull": False})

    def count(self) -> int:
        """How many rows there are to look at."""
        return self._all.count()

    def batches(self, size: int) -> Iterator[list[tuple[Any, Sealed]]]:
        """The rows' ids with what they hold, by `size` at a time, in order of id: rows
        that come or go meanwhile move no other one."""
        after: Any = None
        while True:
            rows = self._all if after is None else self._all.filter(pk__gt=after)
            batch = list(rows.values_list("pk", self.field.attname)[:size])
            if not batch:
                return
            yield batch
            after = batch[-1][0]

    def rotate(self, pk: Any, sealed: Sealed) -> bool:
        """Put a row's value under the newest key; False when it is there already, or
        the row is gone. Raises `SealBroken`.

        A row that was changed meanwhile is read again, not overwritten: a process that
        was not restarted yet seals with the older key.
        """
        while is_stale(sealed):
            if self._swap(pk, sealed, Sealed(seal(unseal(sealed.token)))):
                return True
            sealed = self._read(pk)
        return False

    def _read(self, pk: Any) -> Sealed:
        found = self._all.filter(pk=pk).values_list(self.field.attname, flat=True)
        return found.first() or Sealed()

    def _swap(self, pk: Any, old: Sealed, new: Sealed) -> int:
        """Compare and swap in one statement, past the field's refusal of look-ups."""
        as_stored = models.Value(old, output_field=self.field)
        same = models.lookups.Exact(models.F(self.field.attname), as_stored)
        return self._all.filter(same, pk=pk).update(**{self.field.attname: new})
