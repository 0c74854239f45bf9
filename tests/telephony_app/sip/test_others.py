"""Calls with telephones that others wrote: baresip and SIPp."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from telephony_app.sip import Side, SipCall, SipPhone, g711
from tests.servers.ports import free_port
from tests.telephony_app.sip.baresip import Baresip
from tests.telephony_app.sip.conftest import tone

HIGHER = tone(880)


async def test_baresip_picks_up_hears_us_and_our_keys(
    tmp_path: Path, beep: bytes
) -> None:
    with Baresip(tmp_path, says=HIGHER) as other:
        async with SipCall(other.uri) as call:
            await call.answered()
            await call.hears_voice()
            await call.say(beep)
            await call.press("5#")
            await call.hears_silence(length=500)
        log = await asyncio.to_thread(other.said, "audio: destroyed")
    assert "received event: '5'" in log
    assert "received event: '#'" in log
    assert g711.loudness(g711.encode(other.heard())) > 100
    assert call.recording.lost == 0


async def test_baresip_calls_and_both_hear_each_other(
    tmp_path: Path, beep: bytes
) -> None:
    async with SipPhone() as phone:
        with Baresip(tmp_path, says=HIGHER, dials=phone.uri("ann")) as other:
            call = await phone.called()
            await call.hears_voice()
            await call.say(beep)
            await call.hang_up()
            await asyncio.to_thread(other.said, "audio: destroyed")
        assert "sip:ann@" in call.invite.uri
        assert call.ended_by == Side.CALLEE
        assert g711.loudness(g711.encode(other.heard())) > 100


def sipp(*words: str, folder: Path) -> "subprocess.Popen[bytes]":
    """Start SIPp with one of its own scenarios."""
    if not shutil.which("sipp"):
        pytest.skip("sipp is not installed")
    own = ["-i", "127.0.0.1", "-mi", "127.0.0.1", "-nostdin"]
    own += ["-mp", str(free_port(neighbours=2))]
    return subprocess.Popen(
        ["sipp", *words, *own, "-p", str(free_port())],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def test_sipp_calls_many_times_and_counts_no_failure(tmp_path: Path) -> None:
    async with SipPhone() as phone:
        running = sipp(
            "-sn", "uac", phone.address, "-m", "20", "-r", "20", folder=tmp_path
        )
        assert await asyncio.to_thread(running.wait, 60) == 0
        assert len(phone.calls) == 20
        assert {call.ended_by for call in phone.calls} == {Side.CALLER}
