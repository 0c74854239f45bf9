"""A call is recorded while it lasts."""

import asyncio
import time
from pathlib import Path

import pytest
from livekit import rtc
from livekit.agents.voice.io import AudioInput

from livekit_worker.recording import recorder as module
from livekit_worker.recording.channel import Samples
from livekit_worker.recording.ogg import RATE, seconds_of
from livekit_worker.recording.recorder import Recorder
from tests.livekit_worker.recording.conftest import heard, loud_steps, tone


def frame(sound: Samples) -> rtc.AudioFrame:
    return rtc.AudioFrame(sound.tobytes(), RATE, 1, len(sound))


class Microphone(AudioInput):
    """Somebody who hums."""

    def __init__(self) -> None:
        super().__init__(label="microphone")

    async def __anext__(self) -> rtc.AudioFrame:
        return frame(tone(0.2))


@pytest.fixture
async def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """A recording that began just now."""
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.1)
    recorder = Recorder(tmp_path / "call.ogg")
    recorder.start()
    return recorder


async def test_each_side_is_where_it_was_in_time(recorder: Recorder) -> None:
    began = time.monotonic()
    recorder.hear_agent(frame(tone(0.3)), began + 0.2)
    await asyncio.sleep(0.9)
    recorder.hear_caller(frame(tone(0.2)))
    await recorder.aclose()
    left, right = heard(recorder.path)
    assert 2 in loud_steps(right)
    assert set(loud_steps(right)) <= {1, 2, 3, 4, 5}
    assert set(loud_steps(left)) & {7, 8}
    assert not set(loud_steps(left)) & {0, 1, 2, 3, 4, 5}


async def test_what_an_interruption_cut_is_not_recorded(recorder: Recorder) -> None:
    recorder.hear_agent(frame(tone(2)), time.monotonic())
    await asyncio.sleep(0.3)
    recorder.cut_agent()
    await asyncio.sleep(0.9)
    await recorder.aclose()
    _, right = heard(recorder.path)
    assert max(loud_steps(right)) <= 4


async def test_frames_that_come_early_or_late_join_without_a_seam(
    recorder: Recorder,
) -> None:
    for pause in (0.15, 0.05, 0.12):
        recorder.hear_caller(frame(tone(0.1)))
        await asyncio.sleep(pause)
    places = [start for start, _ in recorder._caller._pieces]
    assert places == [0, 2400, 4800]
    await recorder.aclose()


async def test_session_hears_what_the_recorder_hears(recorder: Recorder) -> None:
    await asyncio.sleep(0.3)
    passed = await anext(aiter(recorder.overhear(Microphone())))
    assert bytes(passed.data) == tone(0.2).tobytes()
    await recorder.aclose()
    left, _ = heard(recorder.path)
    assert loud_steps(left)


async def test_disk_that_fails_does_not_end_the_call(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "missing" / "call.ogg")
    recorder.start()
    recorder.hear_caller(frame(tone(0.1)))
    await recorder.aclose()


async def test_recorder_that_was_never_started_leaves_no_file(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "call.ogg")
    await recorder.aclose()
    assert not recorder.path.exists()


async def test_sound_is_on_the_disk_while_the_call_lasts(recorder: Recorder) -> None:
    for _ in range(15):
        recorder.hear_agent(frame(tone(0.2)), time.monotonic())
        await asyncio.sleep(0.2)
    assert seconds_of(recorder.path) >= 1
    await recorder.aclose()
