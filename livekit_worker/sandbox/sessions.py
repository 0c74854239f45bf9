"""Conversations that a later connection may go on with, by handle."""

import secrets
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from livekit_worker.sandbox.conversation import Conversation
from livekit_worker.sandbox.scenario import Reply

_KEPT = 500


@dataclass
class Session:
    """What outlives a connection.

    The script is shared by every copy: a reply that dropped the socket is not given
    again to the client that comes back with an older handle.
    """

    conversation: Conversation
    script: Iterator[Reply]

    def copy(self) -> "Session":
        """The session as it stands."""
        return replace(self, conversation=self.conversation.copy())


class Sessions:
    """The newest sessions, in memory; the oldest are forgotten first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[str, Session] = OrderedDict()

    def keep(self, session: Session) -> str:
        """Remember the session as it stands; the handle to come back with."""
        handle = secrets.token_urlsafe(16)
        self._kept[handle] = session.copy()
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return handle

    def restore(self, handle: str | None) -> Session | None:
        """The session behind a handle; None when it is unknown or forgotten."""
        session = self._kept.get(handle or "")
        return session.copy() if session else None
