"""Things one can say to the sandbox model, as whoever runs the model knows them."""

from collections.abc import Callable

from django.conf import settings

from agents_app.models import Agent

PhraseBook = Callable[[Agent], list[str]]
_books: list[PhraseBook] = []


def provide(book: PhraseBook) -> None:
    """Tell the Talk page what the sandbox model understands; called at start-up."""
    _books.append(book)


def things_to_say(agent: Agent) -> list[str]:
    """Phrases to offer; none with a real model, which understands anything."""
    if not settings.SANDBOX_MODEL:
        return []
    return [phrase for book in _books for phrase in book(agent)]
