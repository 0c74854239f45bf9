"""A side effect happens once for the same request."""

import asyncio

import pytest

from livekit_worker.tools.failures import Refused
from livekit_worker.tools.once import Once
from livekit_worker.tools.past import PastRequest
from livekit_worker.tools.request import fingerprint
from tests.livekit_worker.tools.conftest import Ask, DeskTool, run
from tools_app.errors import ToolError
from tools_app.models import Outcome

BOOK, CANCEL = (1, "book"), (1, "cancel")
MONDAY = fingerprint({"day": "Monday"})


@pytest.fixture
def once() -> Once:
    """The memory of a call that begins."""
    return Once(run, frozenset({BOOK, CANCEL}), ())


async def test_same_request_again_gets_the_first_answer(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    again = asked("book", day="Monday")
    first = await once(asked("book", day="Monday"))
    assert await once(again) == first == "Booked for Monday."
    assert desk.log == ["book Monday"]
    assert again.was_repeated


async def test_same_requests_at_once_share_one_run(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    orders = [asyncio.ensure_future(once(asked("order", dish="soup"))) for _ in "123"]
    await asyncio.sleep(0)
    desk.is_open.set()
    assert set(await asyncio.gather(*orders)) == {"soup is on its way."}
    assert desk.log == ["order soup"]


async def test_run_goes_on_when_nobody_waits_for_it(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    waiting = asyncio.ensure_future(once(asked("order", dish="soup")))
    await asyncio.sleep(0)
    waiting.cancel()
    desk.is_open.set()
    assert await once(asked("order", dish="soup")) == "soup is on its way."
    assert desk.log == ["order soup"]


async def test_what_a_later_request_replaced_can_be_done_again(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    for day in ("Monday", "Tuesday", "Monday"):
        await once(asked("book", day=day))
    assert desk.log == ["book Monday", "book Tuesday", "book Monday"]


async def test_requests_made_at_once_do_not_replace_each_other(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    for _ in range(2):
        await asyncio.gather(
            *(once(asked("book", day=d)) for d in ("Monday", "Friday"))
        )
    assert desk.log == ["book Monday", "book Friday"]


async def test_failure_is_kept_although_another_request_succeeds(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    desk.full.add("Monday")
    with pytest.raises(ToolError, match="full"):
        await once(asked("book", day="Monday"))
    await once(asked("book", day="Tuesday"))
    with pytest.raises(ToolError, match="full"):
        await once(asked("book", day="Monday"))
    assert desk.log == ["book Monday", "book Tuesday"]


async def test_what_another_function_undid_can_be_done_again(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    for function in ("book", "cancel", "book"):
        await once(asked(function, day="Monday"))
    assert desk.log == ["book Monday", "cancel Monday", "book Monday"]


async def test_what_may_be_a_look_up_undoes_nothing(asked: Ask, desk: DeskTool) -> None:
    once = Once(run, frozenset({BOOK, CANCEL}), (), presumed=frozenset({CANCEL}))
    for function in ("book", "cancel", "book", "cancel"):
        await once(asked(function, day="Monday"))
    assert desk.log == ["book Monday", "cancel Monday"]


async def test_look_up_of_an_earlier_job_undid_nothing(
    asked: Ask, desk: DeskTool
) -> None:
    past = [
        PastRequest(BOOK, MONDAY, Outcome.DONE, "Booked."),
        PastRequest(CANCEL, MONDAY, Outcome.DONE, "Cancelled."),
    ]
    effects = frozenset({BOOK, CANCEL})
    once = Once(run, effects, past, presumed=frozenset({CANCEL}))
    assert await once(asked("book", day="Monday")) == "Booked."
    assert desk.log == []


async def test_failure_that_may_be_tried_again_is(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    with pytest.raises(ToolError, match="bank"):
        await once(asked("pay", card="4111"))
    assert await once(asked("pay", card="4111")) == "Paid."


async def test_failure_that_nobody_knows_the_depth_of_stays(
    asked: Ask, desk: DeskTool, once: Once
) -> None:
    for _ in range(2):
        with pytest.raises(ToolError, match="taken"):
            await once(asked("refuse", day="Monday"))
    assert desk.log == ["refuse Monday"]


async def test_request_of_an_earlier_job_is_answered_by_its_row(
    asked: Ask, desk: DeskTool
) -> None:
    past = PastRequest(BOOK, MONDAY, Outcome.DONE, "Booked for Monday.")
    once = Once(run, frozenset({BOOK}), [past])
    assert await once(asked("book", day="Monday")) == "Booked for Monday."
    assert desk.log == []


@pytest.mark.parametrize(
    "outcome",
    [Outcome.RUNNING, Outcome.FAILED, Outcome.BROKEN, Outcome.TIMED_OUT],
)
async def test_request_whose_end_nobody_knows_is_not_tried_again(
    asked: Ask, desk: DeskTool, outcome: Outcome
) -> None:
    once = Once(run, frozenset({BOOK}), [PastRequest(BOOK, MONDAY, outcome)])
    with pytest.raises(Refused, match="nobody knows"):
        await once(asked("book", day="Monday"))
    assert desk.log == []


@pytest.mark.parametrize("outcome", [Outcome.INVALID, Outcome.REFUSED])
async def test_request_that_came_to_nothing_is_tried_again(
    asked: Ask, desk: DeskTool, outcome: Outcome
) -> None:
    once = Once(run, frozenset({BOOK}), [PastRequest(BOOK, MONDAY, outcome)])
    await once(asked("book", day="Monday"))
    assert desk.log == ["book Monday"]


async def test_booking_that_an_earlier_job_cancelled_can_be_made_again(
    asked: Ask, desk: DeskTool
) -> None:
    past = [
        PastRequest(BOOK, MONDAY, Outcome.DONE, "Booked."),
        PastRequest(CANCEL, MONDAY, Outcome.DONE, "Cancelled."),
    ]
    once = Once(run, frozenset({BOOK, CANCEL}), past)
    await once(asked("book", day="Monday"))
    assert desk.log == ["book Monday"]
