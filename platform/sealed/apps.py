"""Sealed secrets: a field for them, their keys, and how keys are changed."""

from django.apps import AppConfig


class SealedConfig(AppConfig):
    """The app of the sealing commands and checks; it has no rows of its own."""

    name = "sealed"
    verbose_name = "Sealed secrets"

    def ready(self) -> None:
        """Register the check of the keys."""
        from sealed import checks  # noqa: F401
