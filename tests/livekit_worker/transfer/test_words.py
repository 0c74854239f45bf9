"""Words of a transfer, in whatever voice there is."""

from typing import Any

import pytest

from agents_app.config import AgentConfig
from agents_app.models import SpokenLine
from livekit_worker.transfer.own_track import RATE, ringing
from livekit_worker.transfer.words import kept, once

AVA = AgentConfig(name="Ava")


@pytest.mark.django_db(transaction=True)
async def test_what_many_hear_is_made_once() -> None:
    first = await kept("I am putting you through to Sales.", AVA)
    assert len(first.pcm) > RATE
    again = await kept("I am putting you through to Sales.", AVA)
    assert again == first
    assert await SpokenLine.objects.acount() == 1


@pytest.mark.django_db
async def test_what_one_hears_is_not_kept() -> None:
    line = await once("Ann wants to buy ten chairs.", AVA)
    assert len(line.pcm) > RATE
    assert not await SpokenLine.objects.aexists()


async def test_local_voice_speaks_where_the_agents_own_is_away(settings: Any) -> None:
    settings.SANDBOX_MODEL = False
    settings.GOOGLE_API_KEY = ""
    line = await once("Ann wants to buy ten chairs.", AVA)
    assert len(line.pcm) > RATE


def test_ringing_is_a_second_of_sound_and_four_of_silence() -> None:
    pcm = ringing().pcm
    assert len(pcm) == 5 * RATE * 2
    assert any(pcm[: RATE * 2])
    assert not any(pcm[RATE * 2 :])
