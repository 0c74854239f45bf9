"""`CallTools`: the tools of one call, from the first word to after the last."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from livekit import rtc
from livekit.agents import AgentSession, FunctionToolsExecutedEvent
from livekit.agents.voice import SpeechHandle

from livekit_worker.tools import hanging_up, putting_through
from livekit_worker.tools.breaker import Breaker
from livekit_worker.tools.cache import Cache
from livekit_worker.tools.control import Control
from livekit_worker.tools.filler import Filler
from livekit_worker.tools.hanging_up import HangingUp
from livekit_worker.tools.ledger import Ledger
from livekit_worker.tools.limits import Limits
from livekit_worker.tools.once import Once
from livekit_worker.tools.opening import Opened, Opening
from livekit_worker.tools.past import PastRequest, uses
from livekit_worker.tools.putting_through import PuttingThrough
from livekit_worker.tools.recorded import Recorded
from livekit_worker.tools.request import Request, Run
from livekit_worker.tools.time_limit import TimeLimit
from livekit_worker.tools.validation import Validation
from livekit_worker.tools.work import Work
from livekit_worker.tools.wrapping import Functions, offered, wrapped
from tools_app.errors import ToolError
from tools_app.running.time_limit import seen
from tools_app.running.tool import LoadedTool

# What was begun may come to its end after the call for as long as this.
LAST_SECONDS = 15.0


class Host(hanging_up.Host, putting_through.Host, Protocol):
    """Whose call it is."""

    def say_filler(self) -> SpeechHandle | None:
        """Begin to say the filler, when it is ready and not being said."""


class CallTools:
    """An agent's tools: what its model is offered, and what guards each request."""

    def __init__(
        self,
        tools: Sequence[LoadedTool],
        past: Sequence[PastRequest],
        ledger: Ledger,
        host: Host,
        line: rtc.Room | None = None,
    ) -> None:
        self.control = Control(line)
        self.functions: Functions = wrapped(tools, self._answer)
        self._known = {name for *_, name in offered(tools)}
        self._ledger = ledger
        self._opening = Opening(tools)
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._works: set[asyncio.Future[str]] = set()
        self._once = self._make_once(tools, past)
        self._layers = self._guarded(self._once, past, host)

    def _make_once(
        self, tools: Sequence[LoadedTool], past: Sequence[PastRequest]
    ) -> Once:
        """The function itself, with memory around it."""
        work = Cache(Work(self._ledger))
        specs = {(t.agent_tool_id, spec.name): spec for t in tools for spec in t.specs}
        side_effects = frozenset(a for a, spec in specs.items() if spec.is_side_effect)
        presumed = frozenset(a for a, spec in specs.items() if spec.is_presumed)
        return Once(work, side_effects, past, presumed)

    def _guarded(self, once: Once, past: Sequence[PastRequest], host: Host) -> Run:
        """The layers around that, from the inside out."""
        run: Run = Breaker(TimeLimit(Opened(once, self._opening)))
        run = Validation(Filler(run, host.say_filler, self._over))
        limits = Limits(run, uses(past))
        run = Recorded(limits, self._ledger)

        def take_back(request: Request, error: ToolError) -> None:
            once.forget(request)
            limits.forget(request)
            self._ledger.failed(request, error)

        run = HangingUp(run, self.control, host, take_back, self._over)
        again = self._ledger.may_be_repeated
        return PuttingThrough(run, self.control, host, take_back, again, self._over)

    def follow(self, session: AgentSession[Any]) -> None:
        """Listen for functions that the agent does not have."""
        session.on("function_tools_executed", self._on_executed)

    def open(self) -> None:
        """Begin to open the tools."""
        self._opening.begin()

    def let_go(self) -> None:
        """The call is over: nobody waits for a function any more."""
        if not self._over.done():
            self._over.set_result(None)

    async def aclose(self) -> None:
        """Let what was begun come to its end, then close the tools."""
        self.let_go()
        begun = {*self._works, *self._once.going}
        if begun:
            _, late = await asyncio.wait(begun, timeout=LAST_SECONDS)
            for work in late:
                work.cancel()
        await self._opening.aclose()

    async def _answer(self, request: Request) -> str:
        """What the model is told. The work goes on without whoever waits for it."""
        work = asyncio.ensure_future(self._layers(request))
        work.add_done_callback(seen)
        self._works.add(work)
        work.add_done_callback(self._works.discard)
        either: set[asyncio.Future[Any]] = {work, self._over}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise ToolError("The call is over.")

    def _on_executed(self, event: FunctionToolsExecutedEvent) -> None:
        for call, output in event.zipped():
            if call.name not in self._known and output:
                self._ledger.unknown(call, output.output)
