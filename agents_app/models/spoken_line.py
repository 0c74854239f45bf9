"""Ready-made audio of the sentences that agents say word by word."""

import hashlib
import io
import wave

from django.db import models


class SpokenLine(models.Model):
    """Ready-made audio of a sentence: mono, 16 bit, `sample_rate` samples a second.

    One row serves every agent that says these words in this voice.
    """

    key = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    voice = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    engine = models.CharField(max_length=10)
    sample_rate = models.PositiveIntegerField()
    pcm = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.voice}: {self.text[:60]}"

    @staticmethod
    def key_of(text: str, *, voice: str, language: str, engine: str) -> str:
        """What makes two spoken lines the same audio."""
        return hashlib.sha256(
            "\0".join([engine, voice, language, text]).encode()
        ).hexdigest()

    @property
    def wav(self) -> bytes:
        """The audio as a file that a browser plays."""
        file = io.BytesIO()
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(self.sample_rate)
            sound.writeframes(self.pcm)
        return file.getvalue()
