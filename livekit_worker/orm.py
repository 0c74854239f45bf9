"""Database work from the running conversation: off the event loop, connections fresh.

A live call has no request cycle, so nothing would notice a connection that the server
closed meanwhile: each unit of work checks before and gives back after.
"""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")


async def in_database(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a unit of database work in the database thread and return its result."""
    return await sync_to_async(fresh)(work, *args, **kwargs)


def fresh(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do a unit of database work on a connection that still works."""
    close_old_connections()
    try:
        return work(*args, **kwargs)
    finally:
        close_old_connections()


async def beside_database(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run work that also waits for others in a thread and connection of its own, so
    that it holds up nobody's rows."""

    def unit() -> T:
        try:
            return work(*args, **kwargs)
        finally:
            connections.close_all()

    return await asyncio.to_thread(unit)
