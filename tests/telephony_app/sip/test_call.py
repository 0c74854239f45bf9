"""A call from one telephone to another, over real sockets."""

import asyncio
import socket

import pytest

from telephony_app.sip import Manner, NotAnswered, Side, SipCall, SipPhone
from tests.telephony_app.sip.conftest import tone


def loud_frames(loudness: list[float]) -> int:
    """How many 20 ms were loud."""
    return sum(value > 300 for value in loudness)


async def test_it_rings_then_is_answered() -> None:
    slow = Manner(ring_seconds=0.3)
    async with SipPhone(slow) as phone, SipCall(phone.uri()) as call:
        await call.rings()
        assert call.answered_at is None
        await call.answered()
        assert call.provisional == [180]
        assert call.final_status == 200
        assert call.answered_at - call.ringing_at >= 250


async def test_both_sides_hear_each_other(beep: bytes) -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        other = await phone.called()
        await asyncio.gather(
            call.say(beep), other.say(tone(880, rate=24_000), rate=24_000)
        )
        await asyncio.gather(call.hears_voice(), other.hears_voice())
        await asyncio.gather(
            call.hears_silence(length=200), other.hears_silence(length=200)
        )
        for side in (call, other):
            assert loud_frames(side.recording.loudness()) == pytest.approx(20, abs=1)
            assert side.recording.lost == 0


async def test_times_tell_ringing_answer_sound_and_voice(beep: bytes) -> None:
    async with SipPhone(Manner(greeting=beep)) as phone, SipCall(phone.uri()) as call:
        await call.answered()
        await call.hears_voice()
        await call.hears_silence(length=200)
        await call.hang_up()
    times = call.timings
    assert times["first_rtp"] <= times["first_voice"] < times["last_voice"]
    assert times["ringing"] < times["answered"] < times["last_voice"] < times["ended"]
    assert times["last_voice"] - times["first_voice"] == pytest.approx(400, abs=150)


async def test_keys_are_heard_on_both_sides() -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        other = await phone.called()
        await call.press("15#")
        await other.hears_keys("15#")
        await other.press("*0")
        await call.hears_keys("*0")
        assert (other.digits, call.digits) == ("15#", "*0")


async def test_headers_and_numbers_arrive() -> None:
    async with SipPhone() as phone:
        address = phone.uri("room-1") + "?X-Call-Id=01J9"
        async with SipCall(
            address, caller="+15550001", headers={"X-More": "1"}
        ) as call:
            await call.answered()
            invite = (await phone.called()).invite
    assert invite.headers["X-Call-Id"] == "01J9"
    assert invite.headers["X-More"] == "1"
    assert "<sip:room-1@127.0.0.1>" in invite.headers["To"]
    assert "<sip:+15550001@" in invite.headers["From"]


async def test_caller_hangs_up() -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        other = await phone.called()
        await call.hang_up()
        await other.ended()
        assert (call.ended_by, other.ended_by) == (Side.CALLER, Side.CALLER)


async def test_called_side_hangs_up() -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        other = await phone.called()
        await other.hang_up()
        await call.ended()
        assert (call.ended_by, other.ended_by) == (Side.CALLEE, Side.CALLEE)


async def test_nobody_waits_longer_than_the_call_lasts() -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        other = await phone.called()
        waiting = asyncio.create_task(call.hears_voice(seconds=600))
        await asyncio.sleep(0.1)
        await other.hang_up()
        with pytest.raises(TimeoutError, match="The call ended before a voice"):
            await asyncio.wait_for(waiting, 5)
        await call.hears_silence(seconds=600)


async def test_leaving_the_call_hangs_up() -> None:
    async with SipPhone() as phone:
        async with SipCall(phone.uri()) as call:
            await call.answered()
            other = await phone.called()
        await other.ended()
        assert other.ended_by == Side.CALLER


@pytest.mark.parametrize("status", [480, 486, 603])
async def test_refusal_is_told(status: int) -> None:
    async with SipPhone(Manner(status=status)) as phone, SipCall(phone.uri()) as call:
        with pytest.raises(NotAnswered) as refused:
            await call.answered()
        assert refused.value.status == call.final_status == status
        assert call.ended_by == Side.CALLEE


async def test_caller_gives_up_while_it_rings() -> None:
    async with SipPhone(Manner(status=None)) as phone, SipCall(phone.uri()) as call:
        await call.rings()
        await call.hang_up()
        other = await phone.called()
        assert call.final_status == 487
        assert (call.ended_by, other.ended_by) == (Side.CALLER, Side.CALLER)
        assert other.answered_at is None


async def test_nobody_there_is_no_answer() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        async with SipCall(f"sip:a@127.0.0.1:{port}") as call:
            with pytest.raises(TimeoutError):
                await call.answered(seconds=0.3)
    assert call.final_status == 487


async def test_password_is_asked_for_and_given() -> None:
    manner = Manner(user="lk", password="secret")
    async with SipPhone(manner) as phone:
        async with SipCall(phone.uri(), user="lk", password="secret") as call:
            await call.answered()
        assert len(phone.calls) == 1


@pytest.mark.parametrize("login", [{}, {"user": "lk", "password": "guessed"}])
async def test_wrong_password_does_not_ring(login: dict[str, str]) -> None:
    manner = Manner(user="lk", password="secret")
    async with SipPhone(manner) as phone, SipCall(phone.uri(), **login) as call:
        with pytest.raises(NotAnswered, match="401"):
            await call.answered()
        assert phone.calls == []


async def test_many_calls_at_once_do_not_mix(beep: bytes) -> None:
    async with SipPhone() as phone:

        async def talk(number: int) -> int:
            async with SipCall(phone.uri(), caller=f"+1555000{number}") as call:
                await call.answered()
                await call.press(str(number))
                other = next(
                    c
                    for c in phone.calls
                    if f"+1555000{number}@" in c.invite.headers["From"]
                )
                await other.hears_keys(str(number))
                return len(other.digits)

        assert await asyncio.gather(*map(talk, range(8))) == [1] * 8
