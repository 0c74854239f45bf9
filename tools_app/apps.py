"""Tools: what an agent can do besides talking."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ToolsConfig(AppConfig):
    """The app of tools, their functions and calls."""

    name = "tools_app"
    verbose_name = "Tools"

    def ready(self) -> None:
        """Have the installed tools written after `migrate`, equip the demo, and have
        tools copied with their agent."""
        from agents_app.demo import EQUIPMENT
        from agents_app.duplicating import BELONGINGS
        from tools_app.after_migrate import sync_after_migrate
        from tools_app.demo import give_end_call
        from tools_app.duplicating import copy_tools

        post_migrate.connect(sync_after_migrate, sender=self)
        EQUIPMENT.append(give_end_call)
        BELONGINGS.append(copy_tools)
