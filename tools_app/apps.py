"""Tools: what an agent can do besides talking."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ToolsConfig(AppConfig):
    """The app of tools, their functions and calls."""

    name = "tools_app"
    verbose_name = "Tools"

    def ready(self) -> None:
        """Have the installed tools written after `migrate`, and equip the demo."""
        from agents_app.demo import EQUIPMENT
        from tools_app.after_migrate import sync_after_migrate
        from tools_app.demo import give_end_call

        post_migrate.connect(sync_after_migrate, sender=self)
        EQUIPMENT.append(give_end_call)
