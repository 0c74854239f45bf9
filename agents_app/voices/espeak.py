"""espeak-ng as a voice: its library and data come inside the wheel `espeakng-loader`.

Constants and signatures: espeak-ng's `speak_lib.h`.
"""

import ctypes
import functools
import threading
from collections.abc import Iterator

import espeakng_loader
import numpy as np

from agents_app.voices import SAMPLE_RATE, Speech
from agents_app.voices.characters import Character, character

AUDIO_OUTPUT_SYNCHRONOUS = 2
CHARS_UTF8 = 1
RATE, PITCH = 1, 3
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)
# libespeak-ng keeps its state in globals: one speaker at a time in a process.
_lock = threading.Lock()


class EspeakError(RuntimeError):
    """espeak-ng could not be loaded or refused to speak."""


@functools.cache
def _library() -> tuple[ctypes.CDLL, int]:
    """The loaded library and the rate it speaks at (call it under the lock)."""
    try:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
    except OSError as error:
        message = "espeak-ng cannot be loaded: reinstall the wheel espeakng-loader."
        raise EspeakError(message) from error
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data, 0)
    if rate <= 0:
        raise EspeakError("espeak-ng found no voice data: reinstall espeakng-loader.")
    return library, rate


def _languages(language: str) -> Iterator[str]:
    """espeak-ng's names to try, best first: `fr-FR` gives fr-fr, fr, en."""
    yield language.lower()
    yield language.lower().partition("-")[0]
    yield "en"


def _choose(library: ctypes.CDLL, *, who: Character, language: str) -> None:
    for name in _languages(language):
        if library.espeak_SetVoiceByName(f"{name}+{who.variant}".encode()) == 0:
            break
    else:
        raise EspeakError(f"espeak-ng has no voice for language {language!r}.")
    library.espeak_SetParameter(PITCH, who.pitch, 0)
    library.espeak_SetParameter(RATE, who.words_per_minute, 0)


def _synthesize(library: ctypes.CDLL, text: str) -> bytes:
    """Samples of `text` at the library's own rate."""
    chunks: list[bytes] = []

    def keep(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _: int) -> int:
        if samples and count:
            chunks.append(ctypes.string_at(samples, count * 2))
        return 0

    callback = _CALLBACK(keep)
    library.espeak_SetSynthCallback(callback)
    # A NUL inside would end the C string early.
    words = text.replace("\0", " ").encode() + b"\0"
    if library.espeak_Synth(words, len(words), 0, 1, 0, CHARS_UTF8, None, None):
        raise EspeakError("espeak-ng could not speak the text: its buffer is full.")
    return b"".join(chunks)


def _resample(pcm: bytes, *, rate: int) -> bytes:
    samples = np.frombuffer(pcm, dtype=np.int16)
    if not len(samples):
        return b""
    wanted = np.arange(len(samples) * SAMPLE_RATE // rate) * (rate / SAMPLE_RATE)
    heard = np.interp(wanted, np.arange(len(samples)), samples)
    return bytes(heard.astype("<i2").tobytes())


def speak(text: str, *, voice: str = "Puck", language: str = "en-US") -> Speech:
    """Say `text` as the Gemini voice's stand-in; about a hundred times real time.

    An unknown voice speaks as Puck, an unknown language as English.
    Raises EspeakError when the library is missing or refuses.
    """
    with _lock:
        library, rate = _library()
        _choose(library, who=character(voice), language=language)
        pcm = _synthesize(library, text)
    return Speech(_resample(pcm, rate=rate))
