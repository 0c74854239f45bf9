"""Speech understood by pocketsphinx, within a grammar of whole phrases.

The wheel brings an English model. Decoding holds the interpreter for some tenths of a
second, so it runs in a process of its own, one for all calls.
"""

import asyncio
import json
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from functools import cache, lru_cache

import numpy as np
from pocketsphinx import Decoder

from livekit_worker.sandbox.function import Function
from livekit_worker.sandbox.hearing.endpointing import (
    END_SILENCE_SECONDS,
    LEAD_SECONDS,
    RATE,
)
from livekit_worker.sandbox.hearing.grammar import (
    SHORT,
    answer_grammar,
    request_grammar,
)

_KEPT_EARS = 8
_WORDS_OF_BREATH = 2
_PAUSE = np.zeros(RATE // 5)
_PAUSES_SECONDS = 0.5
_SECONDS_PER_LETTER = 0.12
_ROOM_NOISE = 5.0
# Narrower, and the right phrase is lost before its end, as the sound happens to fall
# into the decoder's frames; wider takes too long. The default is 7e-29.
_WORD_BEAM = 1e-34
_REQUESTS, _ANSWERS = "requests", "answers"


class Ear:
    """A decoder for one agent's phrases."""

    def __init__(self, functions: Sequence[Function]) -> None:
        """Build the grammars; takes a few tenths of a second."""
        self._decoder = Decoder(lm=None, loglevel="FATAL", wbeam=_WORD_BEAM)
        self._phrases: dict[str, re.Pattern[str]] = {}
        for name, grammar in (
            (_REQUESTS, request_grammar(functions, is_known=self._knows)),
            (_ANSWERS, answer_grammar(functions, is_known=self._knows)),
        ):
            self._decoder.add_jsgf_string(name, grammar.jsgf())
            self._phrases[name] = re.compile(grammar.pattern())

    def understand(self, pcm: bytes, *, is_asking: bool) -> str | None:
        """The phrase in `pcm` (16 kHz mono), or None; `is_asking`: an answer is due.

        Speech outside the grammar tends to come out as half a phrase, one wrong word
        or few words for a long sound: none of these is trusted.
        """
        name = _ANSWERS if is_asking else _REQUESTS
        self._decoder.activate_search(name)
        text = self._whole_part(name, self._decode(pcm).split())
        is_enough = " " in text or is_asking or text in SHORT
        return text if text and is_enough and _fits(text, pcm) else None

    def _whole_part(self, name: str, said: Sequence[str]) -> str:
        """The phrase at the start of `said`: breath often comes out as words more."""
        for end in range(len(said), max(len(said) - _WORDS_OF_BREATH, 1) - 1, -1):
            if self._phrases[name].fullmatch(" ".join(said[:end]) + " "):
                return " ".join(said[:end])
        return ""

    def _decode(self, pcm: bytes) -> str:
        self._decoder.start_utt()
        self._decoder.process_raw(_in_a_room(pcm), full_utt=True)
        self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        return str(hypothesis.hypstr) if hypothesis else ""

    def _knows(self, word: str) -> bool:
        return self._decoder.lookup_word(word) is not None


async def understand(
    pcm: bytes, *, functions: Sequence[Function], is_asking: bool
) -> str | None:
    """The phrase in `pcm`, or None; never in the way of the event loop."""
    written = json.dumps([asdict(function) for function in functions])
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(
            _process(), _understand, pcm, written, is_asking
        )
    except BrokenProcessPool:
        # Somebody ended the process: not understood this time, a new one the next.
        _process.cache_clear()
        return None


def _in_a_room(pcm: bytes) -> bytes:
    """The sound with a pause and faint noise around it.

    The decoder levels its features over the whole utterance, which digital silence
    upsets: noise took it from 78 to 90 of 99 espeak sentences right.
    """
    samples = np.frombuffer(pcm, dtype="<i2")
    padded = np.concatenate((_PAUSE, samples, _PAUSE))
    noise = np.random.default_rng(1).standard_normal(len(padded)) * _ROOM_NOISE
    return np.clip(padded + noise, -32_768, 32_767).astype("<i2").tobytes()


def _fits(text: str, pcm: bytes) -> bool:
    """Whether somebody, even a slow speaker, needs that long for so few letters."""
    spoken = len(pcm) / 2 / RATE - LEAD_SECONDS - END_SILENCE_SECONDS
    return spoken < _PAUSES_SECONDS + _SECONDS_PER_LETTER * len(text)


@cache
def _process() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        max_workers=1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
    )


def _begin() -> None:
    """Leave Ctrl-C to the server, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(0)


def _understand(pcm: bytes, functions: str, is_asking: bool) -> str | None:
    return _ear(functions).understand(pcm, is_asking=is_asking)


@lru_cache(maxsize=_KEPT_EARS)
def _ear(functions: str) -> Ear:
    return Ear([Function(**written) for written in json.loads(functions)])
