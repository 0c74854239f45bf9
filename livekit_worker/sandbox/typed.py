"""Turns the client writes: what to remember, and what to answer when.

Client: livekit-plugins-google 1.8.9, which sends a user's text first and asks for the
answer in a second message (user "." or no turn at all).
"""

import re
from dataclasses import dataclass

from livekit_worker.sandbox.client_messages import ClientContent, Content
from livekit_worker.sandbox.conversation import Action, Conversation
from livekit_worker.sandbox.instructed import quoted_words

_INSTRUCTIONS = re.compile(r"<instructions>\s*(.*?)\s*</instructions>", re.DOTALL)
_PLACEHOLDERS = ("", ".")


@dataclass
class Typed:
    """Words written by the user that nobody has answered yet."""

    conversation: Conversation
    unanswered: str | None = None

    def settle(self) -> None:
        """The conversation moves on: unanswered words become history."""
        if self.unanswered is not None:
            self.conversation.remember("user", self.unanswered)
            self.unanswered = None

    def read(self, content: ClientContent) -> str | None:
        """Remember the turns; gives the instruction for a reply, if there is one."""
        instruction = None
        for turn in content.turns:
            found = self._instruction(turn, wants_reply=content.turn_complete)
            if found is not None:
                instruction = found
            else:
                self._remember(turn)
        return instruction

    def answer(self, instruction: str | None) -> list[Action]:
        """The reply now wanted: words to quote first, then the user's, then any."""
        if instruction and quoted_words(instruction):
            self.settle()
            return self.conversation.instruct(instruction)
        if self.unanswered is not None:
            text, self.unanswered = self.unanswered, None
            return self.conversation.hear(text)
        return self.conversation.instruct(instruction or "")

    def _instruction(self, turn: Content, *, wants_reply: bool) -> str | None:
        if found := _INSTRUCTIONS.search(turn.text):
            return found[1]
        return turn.text if wants_reply and turn.role == "model" else None

    def _remember(self, turn: Content) -> None:
        if turn.role == "user" and turn.text in _PLACEHOLDERS:
            return
        self.settle()
        if turn.role == "user":
            self.unanswered = turn.text
        else:
            self.conversation.remember("model", turn.text)
