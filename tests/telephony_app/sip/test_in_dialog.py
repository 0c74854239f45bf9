"""What the other side may ask while a call is on."""

import asyncio

import pytest

from telephony_app.sip import SipCall, SipPhone
from telephony_app.sip.message import Response
from telephony_app.sip.phone_call import PhoneCall


async def ask(other: PhoneCall, method: str, **headers: str) -> Response:
    """Let the called side send a request."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return await other.ask(method, told)


@pytest.mark.parametrize("method", ["OPTIONS", "INFO", "NOTIFY", "UPDATE", "INVITE"])
async def test_request_is_taken(method: str) -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        answer = await ask(await phone.called(), method)
        assert answer.status == 200
        assert [request.method for request in call.requests] == [method]


async def test_unknown_request_is_refused_and_the_call_goes_on() -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        answer = await ask(await phone.called(), "PUBLISH")
        assert answer.status == 501
        assert call.ended_at is None


async def test_sound_moves_where_a_new_invite_wants_it(beep: bytes) -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        await call.answered()
        other = await phone.called()
        async with SipPhone() as elsewhere, SipCall(elsewhere.uri()) as second:
            await second.answered()
            moved = await elsewhere.called()
            wanted = {"Content-Type": "application/sdp"}
            await other.ask("INVITE", wanted, bytes(moved.audio.local))
            await call.say(beep)
            assert await moved.hears_voice()


@pytest.mark.parametrize("outcome", ["200 OK", "486 Busy Here"])
async def test_transfer_is_accepted_and_its_outcome_told(outcome: str) -> None:
    async with SipPhone() as phone, SipCall(phone.uri()) as call:
        call.transfer_ends = outcome
        await call.answered()
        other = await phone.called()
        answer = await ask(other, "REFER", Refer_To="<tel:+15550003333>")
        assert answer.status == 202
        assert call.referred_to == "<tel:+15550003333>"
        async with asyncio.timeout(5):
            while len(other.requests) < 2:
                await asyncio.sleep(0.01)
        assert [request.body.decode().strip() for request in other.requests] == [
            "SIP/2.0 100 Trying",
            f"SIP/2.0 {outcome}",
        ]
        assert other.requests[-1].headers["Subscription-State"].startswith("terminated")
