"""Saving a new row by a statement that is written once per kind of row.

The ORM writes it anew each time, which takes longer than the database needs.
"""

import functools
from typing import TYPE_CHECKING, Any

from django.db import connection, models

if TYPE_CHECKING:
    Field = models.Field[Any, Any]


def insert(row: models.Model) -> None:
    """Save a new row whose key is known, or whose key nobody asks for; sends no
    signals. Raises what `save` raises."""
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in _fields(type(row))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(row)), values)
    row._state.adding = False


@functools.cache
def _fields(model: type[models.Model]) -> "list[Field]":
    """What is given; a number that the database counts up is not."""
    every = model._meta.concrete_fields
    return [field for field in every if not isinstance(field, models.AutoField)]


@functools.cache
def _statement(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in _fields(model))
    places = ", ".join("%s" for _ in _fields(model))
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  no values
