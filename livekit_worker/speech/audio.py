"""Ready-made audio on its way to the caller."""

import asyncio
from collections.abc import AsyncIterator

from livekit import rtc

from livekit_worker.phone.telephone import is_waiting, open_line
from livekit_worker.plan import Line

FRAME_MS = 20
AHEAD_FRAMES = 10
TRANSCRIPTION = "lk.transcription"
FINAL = {"lk.transcription_final": "true"}


async def frames(line: Line) -> AsyncIterator[rtc.AudioFrame]:
    """The line's audio in frames of 20 ms; the last one padded with silence.

    After the first 200 ms they come at twice the speed of speech: all at once would
    keep the event loop busy with them for 100 ms and more.
    """
    samples = line.sample_rate * FRAME_MS // 1000
    size = samples * 2
    for number, start in enumerate(range(0, len(line.pcm), size)):
        chunk = line.pcm[start : start + size].ljust(size, b"\0")
        yield rtc.AudioFrame(chunk, line.sample_rate, 1, samples)
        if number >= AHEAD_FRAMES:
            await asyncio.sleep(FRAME_MS / 2000)


async def play_alone(room: rtc.Room, line: Line) -> None:
    """Say a line on a track of its own, and show its words, for when no session can.

    A telephone that still rings picks up at the track, and hears the line from its
    first syllable.
    """
    source = rtc.AudioSource(line.sample_rate, 1)
    track = rtc.LocalAudioTrack.create_audio_track("apology", source)
    options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
    publication = await room.local_participant.publish_track(track, options)
    await publication.wait_for_subscription()
    if is_waiting(room):
        await open_line(room)
    await room.local_participant.send_text(
        line.text, topic=TRANSCRIPTION, attributes=FINAL
    )
    async for frame in frames(line):
        await source.capture_frame(frame)
    await source.wait_for_playout()
