"""After `migrate` the tables hold the tools that are installed."""

import logging
from typing import Any

from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS

log = logging.getLogger(__name__)

NOT_HERE = (
    "Tools were not looked at, for %s is not installed here: run "
    "`manage.py sync_tools` where the voice worker is."
)


def sync_after_migrate(*, using: str, **given: Any) -> None:
    """Write the Python tools. Not after a flush, which has no plan, nor when the tables
    of tools were just taken away; a mistake in a tool is told, and stops nothing."""
    if (
        using != DEFAULT_DB_ALIAS
        or "plan" not in given
        or not _has_tables(given["apps"])
    ):
        return
    try:
        from tools_app.code_tools.registry import registry
        from tools_app.sync import sync_code_tools
    except ModuleNotFoundError as error:
        log.warning(NOT_HERE, error.name)
        return
    for tool, changes in sync_code_tools(registry()):
        log.info("%s: %s", tool, changes)
    for mistake in registry().mistakes:
        log.error("A tool cannot be used: %s", mistake)


def _has_tables(apps: Apps) -> bool:
    try:
        apps.get_model("tools_app", "PlatformTool")
    except LookupError:
        return False
    return True
