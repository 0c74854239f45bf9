"""`AgentConfig`: the frozen picture of an agent that admin, API and worker share."""

from string import Formatter
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic_core import ErrorDetails

from agents_app.variables import LONGEST, filled, well_named

LineName = Literal[
    "greeting",
    "filler",
    "silence_question",
    "farewell",
    "unavailable_message",
    "busy_message",
    "closed_message",
    "resume_message",
    "recording_notice",
    "voicemail_message",
]

MODELS = {
    "gemini-2.5-flash-native-audio-preview-12-2025": "Gemini 2.5 Flash, native audio",
    "gemini-live-2.5-flash-native-audio": "Gemini 2.5 Flash Live (Vertex AI)",
    "gemini-3.1-flash-live-preview": "Gemini 3.1 Flash Live (preview)",
    "gemini-3.8-live": "Gemini 3.8 Live",
}
VOICES = {
    "Puck": "upbeat",
    "Charon": "informative",
    "Kore": "firm",
    "Fenrir": "excitable",
    "Aoede": "breezy",
    "Leda": "youthful",
    "Orus": "firm",
    "Zephyr": "bright",
    "Callirrhoe": "easy-going",
    "Autonoe": "bright",
    "Enceladus": "breathy",
    "Iapetus": "clear",
    "Umbriel": "easy-going",
    "Algieba": "smooth",
    "Despina": "smooth",
    "Erinome": "clear",
    "Algenib": "gravelly",
    "Rasalgethi": "informative",
    "Laomedeia": "upbeat",
    "Achernar": "soft",
    "Alnilam": "firm",
    "Schedar": "even",
    "Gacrux": "mature",
    "Pulcherrima": "forward",
    "Achird": "friendly",
    "Zubenelgenubi": "casual",
    "Vindemiatrix": "gentle",
    "Sadachbia": "lively",
    "Sadaltager": "knowledgeable",
    "Sulafat": "warm",
}
LANGUAGES = {
    "en-US": "English (United States)",
    "en-GB": "English (United Kingdom)",
    "de-DE": "German",
    "fr-FR": "French",
    "es-ES": "Spanish",
    "it-IT": "Italian",
    "nl-NL": "Dutch",
    "pt-BR": "Portuguese (Brazil)",
    "pl-PL": "Polish",
}
VOICE_LABELS = {name: f"{name}, {manner}" for name, manner in VOICES.items()}
PLACEHOLDERS = ("agent_name",)
LONGEST_CALL_SECONDS = 7200


def _known(table: dict[str, str], what: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in table:
            raise ValueError(f"Unknown {what} '{value}'. Choose one of the list.")
        return value

    return AfterValidator(check)


def _renderable(template: str, info: ValidationInfo) -> str:
    """Refuse what could not be spoken: format specs could ask for a million blanks."""
    known = {*PLACEHOLDERS, *info.data.get("variables", ())}
    try:
        pieces = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(
            "A brace has no partner. Write {agent_name} for the agent's name, "
            "and {{ or }} for a plain brace."
        ) from error
    for _, name, spec, conversion in pieces:
        if name is not None and (name not in known or spec or conversion):
            raise ValueError(
                f"Nothing is known to fill {{{name}}} with. Use {{agent_name}}, "
                "name it under Variables, or write {{ and }} for plain braces."
            )
    return template


Renderable = AfterValidator(_renderable)
Line = Annotated[str, Field(min_length=1, max_length=600), Renderable]
Variables = Annotated[
    dict[str, Annotated[str, Field(max_length=LONGEST)]], AfterValidator(well_named)
]


class AgentConfig(BaseModel):
    """Everything a call needs to know of an agent. Defaults live here, nowhere else.

    Lines are templates (`{agent_name}`, each of `variables`), spoken from ready-made
    audio. Times are in seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    system_prompt: str = Field(
        default="You are a friendly phone agent. Answer in one or two short sentences.",
        min_length=1,
        max_length=30_000,
    )
    # Before the lines, whose places are checked against them.
    variables: Variables = {}
    greeting: Line = "Hello, this is {agent_name}. How can I help you today?"
    voice: Annotated[str, _known(VOICES, "voice")] = "Puck"
    model: Annotated[str, _known(MODELS, "model")] = next(iter(MODELS))
    language: Annotated[str, _known(LANGUAGES, "language")] = "en-US"
    temperature: float = Field(default=0.8, ge=0, le=2)
    max_call_seconds: int = Field(default=900, ge=30, le=LONGEST_CALL_SECONDS)
    silence_seconds: int = Field(default=15, ge=5, le=120)
    filler: Line = "One moment, please."
    silence_question: Line = "Are you still there?"
    farewell: Line = "I have to end our call now. Thank you, and goodbye."
    unavailable_message: Line = (
        "I am sorry, I cannot take your call right now. Please try again later."
    )
    busy_message: Line = (
        "All our lines are busy right now. Please call again in a few minutes."
    )
    closed_message: Line = (
        "We are closed right now. Please call again during our opening hours."
    )
    record_calls: bool = False
    recording_notice: Line = "This call is recorded."
    resume_message: Line = "Sorry, we were cut off for a moment."
    voicemail_message: Annotated[str, Field(max_length=600), Renderable] = ""

    def with_values(self, values: dict[str, str]) -> Self:
        """The same agent, for a call that fills some variables anew."""
        return self.model_copy(update={"variables": self.variables | values})

    @property
    def prompt(self) -> str:
        """What the model is told: the prompt, its variables filled."""
        return filled(self.system_prompt, self.variables)

    def line(self, name: LineName) -> str:
        """The words of a line, placeholders filled; the default's where values leave
        nothing to say."""
        default: str = type(self).model_fields[name].default
        return self._spoken(getattr(self, name)) or self._spoken(default)

    def _spoken(self, template: str) -> str:
        words = template.format_map(self.variables | {"agent_name": self.name})
        return words if words.strip() else ""

    @property
    def lines(self) -> dict[LineName, str]:
        """What is spoken from ready-made audio; a voicemail may hear nothing."""
        names: tuple[LineName, ...] = LineName.__args__  # type: ignore[attr-defined]
        lines = {name: self.line(name) for name in names}
        return {name: words for name, words in lines.items() if words}


def tidy(value: Any) -> Any:
    """The value without what nobody hears: blank ends, and the line ends of a form."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return value


def mend(error: ErrorDetails) -> str:
    """A config error in words that say what to do."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "string_too_long":
            return (
                f"This has {len(error['input']):,} characters. "
                f"Shorten it to {limits['max_length']:,}."
            )
        case "string_too_short":
            return "This must not be empty: write what the agent should say or do."
        case "greater_than_equal":
            return f"This is too low: use {limits['ge']:g} or more."
        case "less_than_equal":
            return f"This is too high: use {limits['le']:g} or less."
        case _:
            return error["msg"].removeprefix("Value error, ")
