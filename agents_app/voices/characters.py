"""How espeak-ng imitates Gemini's thirty voices, so that each can be told apart.

Names and their women and men: https://ai.google.dev/gemini-api/docs/speech-generation
"""

from dataclasses import dataclass

WOMEN = (
    *("Achernar", "Aoede", "Autonoe", "Callirrhoe", "Despina", "Erinome", "Gacrux"),
    *("Kore", "Laomedeia", "Leda", "Pulcherrima", "Sulafat", "Vindemiatrix", "Zephyr"),
)
MEN = (
    *("Puck", "Achird", "Algenib", "Algieba", "Alnilam", "Charon", "Enceladus"),
    *("Fenrir", "Iapetus", "Orus", "Rasalgethi", "Sadachbia", "Sadaltager", "Schedar"),
    *("Umbriel", "Zubenelgenubi"),
)


@dataclass(frozen=True)
class Character:
    """One way of speaking: an espeak-ng variant, pitch (0 to 100), words per minute."""

    variant: str
    pitch: int
    words_per_minute: int


def _women() -> dict[str, Character]:
    return {
        name: Character(f"f{1 + i % 5}", 42 + 10 * (i // 5), 158 + 5 * (i % 4))
        for i, name in enumerate(WOMEN)
    }


def _men() -> dict[str, Character]:
    return {
        name: Character(f"m{1 + i % 8}", 52 - 16 * (i // 8), 158 + 5 * (i % 4))
        for i, name in enumerate(MEN)
    }


CHARACTERS = _women() | _men()


def character(voice: str) -> Character:
    """The character of a Gemini voice; an unknown name speaks as Puck."""
    return CHARACTERS.get(voice, CHARACTERS["Puck"])
