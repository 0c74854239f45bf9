"""Turns reach the database whole and in order, and nothing holds them up."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from livekit_worker.turn_writer import SpokenTurn, TurnWriter
from telephony_app.models import Call, Turn

pytestmark = pytest.mark.django_db(transaction=True)


def said(text: str, *, item: str = "a") -> SpokenTurn:
    """A turn of the caller's."""
    return SpokenTurn(
        item_id=item,
        speaker=Turn.Speaker.CALLER,
        spoken_from=timezone.now(),
        text=text,
    )


@pytest.fixture
async def writer(call: Call) -> AsyncIterator[TurnWriter]:
    """The call's writer."""
    writer = TurnWriter(call.pk)
    yield writer
    writer.stop()


def texts() -> list[str]:
    """What is stored."""
    return [turn.text for turn in Turn.objects.all()]


async def test_turn_that_grows_stays_one_row(writer: TurnWriter) -> None:
    turn = said("what")
    writer.write(turn)
    await writer.flush(seconds=5)
    turn.text = "what are your hours"
    writer.write(turn)
    await writer.flush(seconds=5)
    assert await sync_to_async(texts)() == ["what are your hours"]


async def test_reports_come_after_the_turns_said_before(writer: TurnWriter) -> None:
    seen: list[list[str]] = []
    writer.write(said("hello"))
    writer.report(lambda: seen.append(texts()))
    await writer.flush(seconds=5)
    assert seen == [["hello"]]


async def test_turn_that_can_never_be_stored_does_not_hold_up_the_others(
    writer: TurnWriter,
) -> None:
    lost = said("lost")
    lost.speaker = None  # type: ignore[assignment]
    writer.write(lost)
    writer.write(said("kept", item="b"))
    assert await writer.flush(seconds=5)
    assert await sync_to_async(texts)() == ["kept"]


async def test_report_that_breaks_does_not_end_the_writing(writer: TurnWriter) -> None:
    def fail() -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    writer.report(fail)
    await writer.flush(seconds=5)
    writer.write(said("kept"))
    assert await writer.flush(seconds=5)
    assert await sync_to_async(texts)() == ["kept"]


async def test_half_a_character_in_a_transcript_does_not_lose_it(
    writer: TurnWriter,
) -> None:
    writer.write(said("hello \ud83d"))
    await writer.flush(seconds=5)
    assert await sync_to_async(texts)() == ["hello ?"]


async def test_zero_byte_in_a_transcript_is_dropped(writer: TurnWriter) -> None:
    writer.write(said("he\0llo"))
    await writer.flush(seconds=5)
    assert await sync_to_async(texts)() == ["hello"]
