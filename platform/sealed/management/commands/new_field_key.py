"""`manage.py new_field_key`"""

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Print a key that secrets can be sealed with."""

    help = (
        "Print a new key for FIELD_ENCRYPTION_KEYS. Where it belongs among the others "
        "says README.md, 'Rotate keys'."
    )
    requires_system_checks = ()

    def handle(self, **_: Any) -> None:
        """Print it."""
        self.stdout.write(Fernet.generate_key().decode())
