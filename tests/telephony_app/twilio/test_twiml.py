"""TwiML: words in every language, and nothing that a text could break."""

from xml.etree import ElementTree

import pytest

from agents_app.config import LANGUAGES
from telephony_app.twilio import twiml
from telephony_app.twilio.apologies import APOLOGIES, Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_voice_of_its_own(language: str) -> None:
    say, hang_up = ElementTree.fromstring(twiml.say(Words("Hm.", language)))  # noqa: S314
    assert say.get("language") == language
    assert say.get("voice", "").startswith("Polly.")
    assert hang_up.tag == "Hangup"


def test_every_language_has_an_apology() -> None:
    spoken = {language.partition("-")[0] for language in LANGUAGES}
    assert {language.partition("-")[0] for language in APOLOGIES} == spoken


def test_words_are_only_words() -> None:
    words = 'Hi & <Dial>+1</Dial> "é" '
    [say, _] = ElementTree.fromstring(twiml.say(Words(words, "en-US")))  # noqa: S314
    assert say.text == words
    assert not len(say)


def test_nothing_to_do_is_an_empty_answer() -> None:
    assert not len(ElementTree.fromstring(twiml.nothing()))  # noqa: S314
