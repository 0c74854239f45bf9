"""What the agent's instructions say about a question: one sentence, word for word.

Useful to see that a prompt reached the model whole; no more understanding than that.
"""

import math
import re
from collections import Counter

from livekit_worker.sandbox.language.words import stems

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_MARKUP = re.compile(r"^[\s#>*\-•]+|[*`_]{2,}")
QUESTION = re.compile(
    r"\?\s*$|^(?:what|when|where|who|which|why|how|do|does|is|are|can|may|tell me)\b",
    re.IGNORECASE,
)


def sentences(instructions: str) -> list[str]:
    """The sentences of a prompt, without its markup."""
    found = (
        _MARKUP.sub("", part).strip() for part in _SENTENCE_END.split(instructions)
    )
    return [sentence for sentence in found if sentence]


def best_sentence(instructions: str, question: str) -> str | None:
    """The sentence that shares most words with `question`; rare ones weigh more."""
    texts = sentences(instructions)
    bags = [set(stems(text)) for text in texts]
    seen = Counter(word for bag in bags for word in bag)
    asked = set(stems(question))
    scores = [
        sum(1 + math.log(len(texts) / seen[word]) for word in asked & bag)
        for bag in bags
    ]
    best = max(range(len(texts)), key=lambda at: scores[at], default=None)
    return texts[best] if best is not None and scores[best] > 0 else None


def introduction(instructions: str) -> str | None:
    """Who the prompt says the agent is: "You are Ada." comes back as "I am Ada."."""
    for sentence in sentences(instructions):
        found = re.match(r"(you are|your name is)\b\s*(.+)", sentence, re.IGNORECASE)
        if found:
            opening = "I am" if found[1].lower() == "you are" else "My name is"
            return f"{opening} {re.split(r'[;:]', found[2])[0].rstrip('.!, ')}."
    return None
