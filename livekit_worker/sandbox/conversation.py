"""The sandbox model's conversation: text in, things to say and functions to call out.

Rules only, no network, no clock but `today`: what it does can be read here and tested.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from livekit_worker.sandbox.function import Function
from livekit_worker.sandbox.instructed import reply_to
from livekit_worker.sandbox.language.choosing import choose, ending
from livekit_worker.sandbox.language.knowledge import QUESTION, best_sentence
from livekit_worker.sandbox.language.small_talk import FAREWELL, echo, small_talk
from livekit_worker.sandbox.language.values import yes_or_no
from livekit_worker.sandbox.language.words import words
from livekit_worker.sandbox.request import Request
from livekit_worker.sandbox.results import say_result

NOT_CAUGHT = (
    "Sorry, I did not catch that. I understand few spoken phrases: "
    "please try one of those shown, or type it in the text box."
)
_STOP = frozenset(("cancel", "stop", "forget"))


@dataclass(frozen=True)
class Say:
    """Words to speak."""

    text: str


@dataclass(frozen=True)
class Call:
    """A function to run."""

    name: str
    arguments: dict[str, Any]


Action = Say | Call


@dataclass
class Conversation:
    """What was said so far and the request being prepared."""

    instructions: str = ""
    functions: Sequence[Function] = ()
    today: Callable[[], date] = date.today
    history: list[tuple[str, str]] = field(default_factory=list)
    request: Request | None = None

    def copy(self) -> "Conversation":
        """The conversation as it stands, to go on from later."""
        request = copy.deepcopy(self.request)
        return replace(self, history=list(self.history), request=request)

    def remember(self, role: str, text: str) -> None:
        """Know that `role` (`user` or `model`) said `text`, without answering."""
        if text:
            self.history.append((role, text))

    def last_words(self, role: str) -> str | None:
        """The last thing `role` said."""
        return next((text for who, text in reversed(self.history) if who == role), None)

    @property
    def is_asking(self) -> bool:
        """Whether the next words answer a question, so a single one may do."""
        return self.request is not None

    def hear(self, text: str, *, is_heard: bool = False) -> list[Action]:
        """Answer the user's words; `is_heard`: spoken, so perhaps misheard."""
        actions = self._answer(text, is_heard=is_heard)
        self.remember("user", text)
        return self._said(actions)

    def instruct(self, instruction: str) -> list[Action]:
        """Reply as the platform tells it to."""
        return self._said([Say(reply_to(instruction))])

    def results(self, responses: Sequence[dict[str, Any]]) -> list[Action]:
        """Say what functions gave back."""
        return self._said([Say(" ".join(map(say_result, responses)))])

    def not_caught(self) -> list[Action]:
        """Say that speech was heard but not understood."""
        return self._said([Say(NOT_CAUGHT)])

    def _said(self, actions: list[Action]) -> list[Action]:
        for action in actions:
            if isinstance(action, Say):
                self.remember("model", action.text)
        return actions

    def _answer(self, text: str, *, is_heard: bool) -> list[Action]:
        if self.request is not None:
            return self._go_on(self.request, text)
        if FAREWELL.search(text) and (last := ending(self.functions)):
            return self._begin(last, text, is_heard=False)
        if (talk := small_talk(self, text)) is not None:
            return [Say(talk)]
        meant = choose(self.functions, text)
        if len(meant) > 1:
            return [Say(f"Do you mean {' or '.join(f.label for f in meant[:4])}?")]
        if meant:
            return self._begin(meant[0], text, is_heard=is_heard)
        if QUESTION.search(text) and (known := best_sentence(self.instructions, text)):
            return [Say(known)]
        return [Say(echo(self, text))]

    def _begin(self, function: Function, text: str, *, is_heard: bool) -> list[Action]:
        self.request = Request(function, is_heard=is_heard)
        self.request.take(text, today=self.today())
        return self._next_step(self.request)

    def _go_on(self, request: Request, text: str) -> list[Action]:
        if _STOP & set(words(text)) or (
            request.is_confirming and yes_or_no(text) is False
        ):
            self.request = None
            return [Say("All right, I will not do it.")]
        if request.is_confirming:
            return self._confirmed(request, text)
        if not request.answer(text, today=self.today()) and (
            talk := small_talk(self, text)
        ):
            return [Say(talk)]
        return self._next_step(request)

    def _confirmed(self, request: Request, text: str) -> list[Action]:
        if yes_or_no(text) is None:
            return [Say(request.confirmation())]
        return self._call(request)

    def _next_step(self, request: Request) -> list[Action]:
        missing = request.missing()
        if missing is not None:
            return [Say(request.ask(missing))]
        if request.needs_confirmation():
            return [Say(request.confirmation())]
        return self._call(request)

    def _call(self, request: Request) -> list[Action]:
        self.request = None
        return [Call(request.function.name, request.values)]
