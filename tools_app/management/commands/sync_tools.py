"""`manage.py sync_tools`: write the installed tools, ask MCP servers for theirs."""

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tools_app.code_tools.registry import registry
from tools_app.models import Health, Kind, PlatformTool
from tools_app.sync import sync_code_tools, sync_mcp_servers


class Command(BaseCommand):
    """Safe at any time, and while another one runs."""

    help = "Write the installed tools and those of MCP servers into the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what changed. Raises CommandError naming each tool that has a mistake;
        the others are written all the same."""
        installed = registry()
        changed = chain(sync_code_tools(installed), sync_mcp_servers())
        lines = [f"{tool}: {changes}" for tool, changes in changed]
        self.stdout.write("\n".join(lines) or "No tool changed.")
        for tool in PlatformTool.objects.filter(kind=Kind.MCP, health=Health.BAD):
            self.stderr.write(f"{tool} does not work: {tool.health_detail}")
        if installed.mistakes:
            raise CommandError("\n".join(map(str, installed.mistakes)))
