"""Agents: what an agent is and says, apart from how a voice reaches it."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """The app of agents and their versions."""

    name = "agents_app"
    verbose_name = "Agents"
