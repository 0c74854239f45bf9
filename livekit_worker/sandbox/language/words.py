"""Words compared as a simple listener would: by stem, without the small ones."""

import re


def vocabulary(text: str) -> tuple[str, ...]:
    """Words written in one string, for short lists of many words."""
    return tuple(text.split())


SMALL_WORDS = frozenset(
    vocabulary(
        "a about an am and any are as at be been but by can could did do does "
        "for from get give had has have her his how i if in is it its just like "
        "may me my now of on or our please shall she should so some tell than "
        "that the their them then there they this to too us use used want was "
        "we were what when where which who whom whose why will with would you "
        "your"
    )
)
SYNONYMS = {
    "schedule": "book",
    "reserve": "book",
    "arrange": "book",
    "add": "create",
    "make": "create",
    "new": "create",
    "find": "search",
    "look": "search",
    "show": "list",
    "remove": "delete",
    "change": "update",
    "modify": "update",
    "opening": "open",
    "available": "availability",
    "free": "availability",
}
_STEM_LENGTH = 7
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def words(text: str) -> list[str]:
    """The words of `text` in lower case, without punctuation."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def stem(word: str) -> str:
    """What "booking", "books" and "booked" share; crude on purpose."""
    word = SYNONYMS.get(word, word)
    for ending in ("ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return SYNONYMS.get(word, word)[:_STEM_LENGTH].removesuffix("e")


def stems(text: str) -> list[str]:
    """Stems of the words that carry meaning."""
    return [stem(word) for word in words(text) if word not in SMALL_WORDS]
