"""By telephone: how soon it rings, is answered, and speaks."""

from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.conf import settings

from telephony_app.livekit import bridge, rooms
from telephony_app.models import SipBridge
from telephony_app.sip import SipCall
from tests.benchmarks.arms import Arm
from tests.benchmarks.row import Goal, Row, Sample, median

GREETED = Goal("p50 <= 700 ms", lambda a, _: median(a) <= 700)
SOONER = Goal("sooner than the starter's", lambda a, b: median(a) < median(b))


@dataclass
class Rings:
    """What the calls of one arm took: milliseconds since the INVITE, or the answer."""

    ringing: Sample = field(default_factory=list)
    answered: Sample = field(default_factory=list)
    voice: Sample = field(default_factory=list)
    voice_after_answer: Sample = field(default_factory=list)

    def note(self, call: SipCall) -> None:
        """One more call, which was answered and greeted."""
        times = {name: at or 0.0 for name, at in call.timings.items()}
        self.ringing.append(times["ringing"])
        self.answered.append(times["answered"])
        self.voice.append(times["first_voice"])
        self.voice_after_answer.append(times["first_voice"] - times["answered"])


async def measure(ours: Arm, starter: Arm, *, rounds: int) -> list[Row]:
    """Calls whose room is made right before the INVITE, as Twilio's webhook does."""
    if ours.open_phone_room is None or starter.open_phone_room is None:
        raise AssertionError("Calls by telephone need redis-server and livekit-sip.")
    await sync_to_async(bridge.set_up)()
    login = await sync_to_async(_login)()
    mine, theirs = Rings(), Rings()
    pairs = [(ours, mine), (starter, theirs)]
    for _ in range(rounds):
        for arm, rings in pairs:
            await _ring(arm, rings, login)
        pairs.reverse()
    return _rows(mine, theirs)


def _login() -> dict[str, str]:
    row = SipBridge.current()
    return {"user": row.username, "password": row.secrets.reveal()["password"]}


async def _ring(arm: Arm, rings: Rings, login: dict[str, str]) -> None:
    assert arm.open_phone_room
    await arm.settle()
    room = await sync_to_async(arm.open_phone_room)()
    try:
        async with SipCall(f"sip:{room}@{settings.SIP_HOST}", **login) as call:
            await call.answered()
            await call.hears_voice()
            rings.note(call)
    finally:
        await sync_to_async(rooms.close_room)(room)


def _rows(mine: Rings, theirs: Rings) -> list[Row]:
    name = "Telephone: "
    return [
        Row(f"{name}INVITE to ringing (180)", "ms", mine.ringing, theirs.ringing),
        Row(
            f"{name}INVITE to answer (200)",
            "ms",
            mine.answered,
            theirs.answered,
            SOONER,
        ),
        Row(
            f"{name}answer to the first word",
            "ms",
            mine.voice_after_answer,
            theirs.voice_after_answer,
            GREETED,
        ),
        Row(f"{name}INVITE to the first word", "ms", mine.voice, theirs.voice, SOONER),
    ]
