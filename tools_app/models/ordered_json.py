"""JSON whose objects keep the order of their names."""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class OrderedJSONField(models.JSONField):
    """JSON kept as text, because PostgreSQL's jsonb sorts names: of a schema the order
    is what forms and models show. It cannot be looked into by a query."""

    def get_internal_type(self) -> str:
        """A column of text."""
        return "TextField"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> str:
        """As it is stored."""
        return json.dumps(value, cls=self.encoder)
