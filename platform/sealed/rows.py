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
    """The sealed columns of every model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield Column(model, field)


@dataclass(frozen=True)
class Column:
    """A sealed column of a model."""

    model: type[models.Model]
    field: SealedField

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def _all(self) -> models.QuerySet[Any]:
        return self.model._base_manager.order_by("pk")

    def count(self) -> int:
        """How many rows there are."""
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
        """Put a value under the newest key; False when there is nothing to do, or the
        row was changed meanwhile, which sealed it anew. Raises `SealBroken`."""
        if not sealed or is_newest(sealed.token):
            return False
        renewed = Sealed(seal(unseal(sealed.token)))
        return bool(self._swap(pk, sealed, renewed))

    def _swap(self, pk: Any, old: Sealed, new: Sealed) -> int:
        """Compare and swap in one statement, past the field's refusal of look-ups."""
        as_stored = models.Value(old, output_field=self.field)
        same = models.lookups.Exact(models.F(self.field.attname), as_stored)
        return self._all.filter(same, pk=pk).update(**{self.field.attname: new})
