"""A function asks to put the caller through: what the model is told, and when."""

import asyncio
from dataclasses import dataclass, field

import pytest
from livekit.agents import llm

from livekit_worker.tools.control import Control
from livekit_worker.tools.putting_through import PuttingThrough
from livekit_worker.tools.request import Request, Run
from livekit_worker.transfer.wish import Wish
from tests.livekit_worker.tools.conftest import Ask
from tools_app.errors import ToolError

SALES = "+12025550150"
BUSY = Wish(SALES, "Sales").not_reached("The line was busy.")


@dataclass
class Scene:
    """A call in which a function asks to put the caller through to Sales."""

    outcome: ToolError | None = None
    is_slow: bool = False
    control: Control = field(default_factory=Control)
    wishes: list[tuple[str, bool]] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    repeatable: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.layer = self.around(self.ask)

    def around(self, run: Run) -> PuttingThrough:
        return PuttingThrough(
            run, self.control, self, self.take_back, self.may_be_repeated, self.over
        )

    async def ask(self, request: Request) -> str:
        await self.control.transfer(SALES, name="Sales")
        return "Sales it is."

    async def put_through(self, wish: Wish, *, was_announced: bool) -> None:
        self.wishes.append((wish.address, was_announced))
        if self.is_slow:
            await asyncio.sleep(60)
        if self.outcome:
            raise self.outcome

    def take_back(self, request: Request, error: ToolError) -> None:
        self.taken_back.append(error.words)

    def may_be_repeated(self, request: Request) -> None:
        self.repeatable.append(request.spec.name)


@pytest.fixture
async def request_(asked: Ask) -> Request:
    """A request of the model, in a turn that is spoken."""
    request = asked("look_up", name="Ann")
    request.context.speech_handle._authorize_generation()
    request.context.speech_handle._mark_generation_done()
    return request


async def test_model_hears_nothing_once_the_person_has_the_caller(
    request_: Request,
) -> None:
    scene = Scene()
    asking = asyncio.ensure_future(scene.layer(request_))
    await asyncio.sleep(0.05)
    assert scene.wishes == [(SALES, False)]
    assert scene.repeatable == ["look_up"]
    assert not asking.done()
    scene.over.set_result(None)
    assert await asking == "Sales it is."
    assert scene.taken_back == []


async def test_model_is_told_that_the_caller_is_back(request_: Request) -> None:
    scene = Scene(BUSY)
    with pytest.raises(ToolError, match="Sales could not be reached. The line was b"):
        await scene.layer(request_)
    assert scene.taken_back == [BUSY.words]


def test_it_may_be_tried_again() -> None:
    assert BUSY.may_retry


async def test_what_the_agent_said_is_not_said_twice(request_: Request) -> None:
    said = llm.ChatMessage(role="assistant", content=["I will put you through."])
    request_.context.speech_handle._item_added([said])
    scene = Scene(BUSY)
    with pytest.raises(ToolError):
        await scene.layer(request_)
    assert scene.wishes == [(SALES, True)]


async def test_nobody_waits_for_the_caller_once_the_call_is_over(
    request_: Request,
) -> None:
    scene = Scene(is_slow=True)
    asking = asyncio.ensure_future(scene.layer(request_))
    await asyncio.sleep(0.05)
    scene.over.set_result(None)
    assert await asyncio.wait_for(asking, 5) == "Sales it is."


async def test_function_that_asks_for_nothing_moves_nobody(request_: Request) -> None:
    scene = Scene(BUSY)
    assert await scene.around(_answer)(request_) == "Ann lives upstairs."
    assert scene.wishes == scene.repeatable == []


async def _answer(request: Request) -> str:
    return "Ann lives upstairs."
