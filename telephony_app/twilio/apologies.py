"""What a caller is told when no agent speaks."""

from dataclasses import dataclass

from django.conf import settings
from pydantic import ValidationError

from agents_app.config import AgentConfig, LineName
from telephony_app.models import Call, Cause

MESSAGES: dict[str, LineName] = {
    Cause.CLOSED: "closed_message",
    Cause.NO_PLACE: "busy_message",
    Cause.DECLINED: "busy_message",
}
ENGLISH = "en-US"
APOLOGIES = {
    ENGLISH: "We are sorry, your call cannot be taken right now. "
    "Please try again later.",
    "de-DE": "Ihr Anruf kann gerade leider nicht angenommen werden. "
    "Bitte versuchen Sie es später noch einmal.",
    "fr-FR": "Nous sommes désolés, nous ne pouvons pas prendre votre appel pour le "
    "moment. Veuillez réessayer plus tard.",
    "es-ES": "Lo sentimos, ahora no podemos atender su llamada. "
    "Por favor, inténtelo más tarde.",
    "it-IT": "Siamo spiacenti, al momento non possiamo rispondere alla sua chiamata. "
    "La preghiamo di riprovare più tardi.",
    "nl-NL": "Het spijt ons, we kunnen uw oproep nu niet beantwoorden. "
    "Probeer het later nog eens.",
    "pt-BR": "Desculpe, não podemos atender a sua ligação agora. "
    "Por favor, tente novamente mais tarde.",
    "pl-PL": "Przepraszamy, w tej chwili nie możemy odebrać połączenia. "
    "Prosimy spróbować później.",
}


@dataclass(frozen=True)
class Words:
    """A sentence and its language, as BCP 47 writes it (`de-DE`)."""

    text: str
    language: str


def refusal(call: Call) -> Words:
    """Why the call is not put through, in the words of the agent that it is for."""
    config = config_of(call)
    if config is None:
        return apology()
    name = MESSAGES.get(call.cause, "unavailable_message")
    return Words(config.line(name), config.language)


def apology() -> Words:
    """What is said for nobody in particular, in the platform's language."""
    language = settings.LANGUAGE_CODE[:2]
    known = (tag for tag in APOLOGIES if tag.startswith(language))
    tag = next(known, ENGLISH)
    return Words(APOLOGIES[tag], tag)


def config_of(call: Call) -> AgentConfig | None:
    """The agent as published; None when there is none, or none that is usable."""
    try:
        return call.version.config if call.version else None
    except ValidationError:
        return None
