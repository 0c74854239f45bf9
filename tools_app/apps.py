"""Tools: what an agent can do besides talking."""

from django.apps import AppConfig


class ToolsConfig(AppConfig):
    """The app of tools, their functions and calls."""

    name = "tools_app"
    verbose_name = "Tools"
