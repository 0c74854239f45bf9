"""Ready-made audio: an agent's lines are spoken once, ahead of the calls.

A caller hears the greeting the moment the call is answered, while the model still
connects, and hears an apology even when there is no model at all.
"""

from collections.abc import Iterable
from contextlib import suppress

from django.conf import settings
from django.utils.module_loading import import_string
from pydantic import ValidationError

from agents_app.config import AgentConfig, LineName
from agents_app.models import AgentVersion, SpokenLine
from agents_app.voices import Speech

SAMPLE_TEXT = "Hello, my name is {voice}. I could speak for your agent."


def engine() -> str:
    """Which synthesizer speaks: Google's with an account, the sandbox's without."""
    return "espeak" if settings.SANDBOX_MODEL else "google"


def line_key(text: str, config: AgentConfig) -> str:
    """The key of the audio of these words in the agent's voice."""
    return SpokenLine.key_of(
        text, voice=config.voice, language=config.language, engine=engine()
    )


def ready_lines(configs: Iterable[AgentConfig]) -> dict[str, SpokenLine]:
    """The audio there is of the configs' lines, by key; one query."""
    keys = {line_key(text, c) for c in configs for text in c.lines.values()}
    return {line.key: line for line in SpokenLine.objects.filter(key__in=keys)}


def line_of(
    name: LineName, config: AgentConfig, ready: dict[str, SpokenLine]
) -> SpokenLine | None:
    """The audio of one line, when it is ready."""
    return ready.get(line_key(config.line(name), config))


def make_lines(config: AgentConfig) -> int:
    """Make the audio that the config still lacks; how many lines were made."""
    ready = ready_lines([config])
    missing = {t for t in config.lines.values() if line_key(t, config) not in ready}
    for text in missing:
        make_line(text, voice=config.voice, language=config.language)
    return len(missing)


def make_line(text: str, *, voice: str, language: str) -> SpokenLine:
    """Make the audio of one sentence, or find it made."""
    key = SpokenLine.key_of(text, voice=voice, language=language, engine=engine())
    found = SpokenLine.objects.filter(key=key).first()
    if found:
        return found
    speech = speak(text, voice=voice, language=language)
    line, _ = SpokenLine.objects.get_or_create(
        key=key,
        defaults={
            "text": text,
            "voice": voice,
            "language": language,
            "engine": engine(),
            "sample_rate": speech.sample_rate,
            "pcm": speech.pcm,
        },
    )
    return line


def sample_line(voice: str, language: str) -> SpokenLine | None:
    """The sentence by which staff choose a voice, when it is ready."""
    key = SpokenLine.key_of(
        SAMPLE_TEXT.format(voice=voice), voice=voice, language=language, engine=engine()
    )
    return SpokenLine.objects.filter(key=key).first()


def usable_configs() -> list[AgentConfig]:
    """The default config, whose apology is the last resort, and each live one."""
    configs = [AgentConfig(name="the agent")]
    for version in AgentVersion.objects.filter(published_for__isnull=False):
        with suppress(ValidationError):
            configs.append(version.config)
    return configs


def speak(text: str, *, voice: str, language: str) -> Speech:
    """Make the audio of one sentence, to be kept by nobody.

    The engine is imported late, because the web process has neither.
    """
    voice_engine = import_string(f"agents_app.voices.{engine()}.speak")
    spoken: Speech = voice_engine(text, voice=voice, language=language)
    return spoken
