"""Which way a caller is put through, and what is said and written down before."""

import asyncio
import logging
from contextlib import suppress
from typing import Protocol

from livekit.agents import JobContext

from agents_app import speech
from livekit_worker.ending import End, Ending
from livekit_worker.orm import beside_database, in_database
from livekit_worker.plan import CallPlan, Line
from livekit_worker.presence import Presence
from livekit_worker.transfer import own_line
from livekit_worker.transfer.wish import Wish
from telephony_app import transfers
from telephony_app.dialing_rules import NotAllowed
from telephony_app.models import Call, Cause, TwilioAccount
from tools_app.errors import ToolError

logger = logging.getLogger(__name__)

SOURCE = "worker"
FROM_BROWSER = (
    "This call comes from a browser, so it cannot be put through. Offer to have somebody "
    "call back instead."
)
# A voice that is slow must not keep the caller waiting for a person.
ANNOUNCEMENT_SECONDS = 5.0
# On its way to the caller's ear when it has left here.
LAST_WORD_SECONDS = 0.4


class Host(Protocol):
    """Whose call it is."""

    async def say_words(self, line: Line) -> None:
        """Say a line to its end."""


class Transfers:
    """Puts the caller of one job through, one wish at a time."""

    def __init__(
        self,
        ctx: JobContext,
        plan: CallPlan,
        presence: Presence,
        ending: Ending,
        host: Host,
    ) -> None:
        self._ctx = ctx
        self._plan = plan
        self._presence = presence
        self._ending = ending
        self._host = host

    async def put_through(self, wish: Wish, *, was_announced: bool) -> None:
        """Returns when the person has the caller, or the caller is gone. Raises
        `ToolError` when the caller is with the agent still, or again."""
        call = self._plan.call
        if not self._plan.is_phone:
            raise ToolError(FROM_BROWSER)
        try:
            by_refer = await in_database(_check, call, wish)
        except NotAllowed as refused:
            raise wish.not_possible(str(refused)) from None
        if not was_announced:
            await self._announce(wish)
        await asyncio.sleep(LAST_WORD_SECONDS)
        with self._presence.away():
            await in_database(transfers.begin, call, wish.address, source=SOURCE)
            if by_refer:
                await own_line.refer(self._ctx, call, wish)
            else:
                await own_line.redirect(self._ctx.room, call, wish)
            self._ending.give(End(Cause.TRANSFERRED))

    async def _announce(self, wish: Wish) -> None:
        """Say to whom the caller is put through, or at least that something happens."""
        config = self._plan.config
        with suppress(Exception):
            async with asyncio.timeout(ANNOUNCEMENT_SECONDS):
                made = await beside_database(
                    speech.make_line,
                    wish.announcement,
                    voice=config.voice,
                    language=config.language,
                )
                line = Line(made.text, bytes(made.pcm), made.sample_rate)
                await self._host.say_words(line)
                return
        await self._host.say_words(self._plan.lines["filler"])


def _check(call: Call, wish: Wish) -> bool:
    """Whether the caller's line is put through by REFER; raises `NotAllowed`."""
    transfers.check_target(call, wish.address)
    accounts = TwilioAccount.objects.filter(organization=call.organization_id)
    account = accounts.first()
    return not call.call_sid or bool(account and account.transfers_by_refer)
