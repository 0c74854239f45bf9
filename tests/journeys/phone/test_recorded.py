"""A telephone call is recorded: announced, fetched from Twilio, heard on its page, gone
when its time is over."""

from datetime import timedelta
from pathlib import Path

import av
import numpy as np
from django.utils import timezone

from telephony_app.models import Call, CallEvent, Recording
from telephony_app.recordings import retention
from tests.journeys.conftest import Browse, ended
from tests.journeys.phone.line import CALLER, Connect, call_of
from tests.servers.stack import Stack
from tests.standins.twilio.rest import Twilio

LOUD = 300
PLAYS = """async (audio) => {
    audio.muted = true;
    await audio.play();
    audio.currentTime = audio.duration - 0.5;
    await new Promise((done) => audio.addEventListener("ended", done));
    return audio.duration;
}"""


def recorded_call(stack: Stack, twilio: Twilio, connect: Connect) -> Call:
    """A call in which both sides spoke, with its recording stored."""
    stack.worker()
    number = connect(stack.make_agent(record_calls=True))
    with twilio.dial(CALLER, number.number) as line:
        line.is_answered()
        line.hears_voice()
        line.hears_silence()
        line.says("what can you do")
        line.hears_voice(since=line.leg.now)
        line.hears_silence()
    call = ended(stack, call_of(line))
    stored = Recording.objects.filter(call=call).exclude(file="")
    stack.wait_for(stored.exists, "the recording", seconds=40)
    return call


def loudest(file: Path) -> list[float]:
    """The loudest moment on each side of a stereo file."""
    with av.open(file) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    sound = np.concatenate(frames, axis=1)
    return [float(np.abs(side).max()) * 32768 for side in sound]


def test_call_is_recorded_heard_and_deleted(
    phone_stack: Stack, stack_twilio: Twilio, connect: Connect, browse: Browse
) -> None:
    call = recorded_call(phone_stack, stack_twilio, connect)
    [recording] = call.recordings.all()
    file = Path(recording.file.path)
    assert all(side > LOUD for side in loudest(file))
    assert [t.text for t in call.turns.all()][0] == "This call is recorded."
    phone_stack.wait_for(lambda: not stack_twilio.recordings, "the deletion at Twilio")
    assert call.events.filter(kind=CallEvent.Kind.RECORDED).count() == 1

    page = browse()
    page.goto(f"/admin/telephony_app/call/{call.pk}/change/")
    player = page.locator("#call-recordings audio")
    length = player.evaluate(PLAYS)
    assert abs(length - (recording.seconds or 0)) < 2

    Recording.objects.update(created_at=timezone.now() - timedelta(days=91))
    retention.drop_outdated()
    assert not file.exists()
    page.reload()
    assert page.locator("#call-recordings audio").count() == 0
    assert page.get_by_text("Ended by the caller").is_visible()
