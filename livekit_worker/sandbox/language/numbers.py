"""Numbers said in words: "twenty five" is 25."""

from livekit_worker.sandbox.language.words import vocabulary

ONES = vocabulary(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen"
)
TENS = vocabulary("twenty thirty forty fifty sixty seventy eighty ninety")
ORDINALS = vocabulary(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
)
_VALUES = {word: value for value, word in enumerate(ONES)}
_VALUES |= {word: 20 + 10 * place for place, word in enumerate(TENS)}


def in_words(number: int) -> str:
    """A number from 0 to 99 as people say it."""
    if number < len(ONES):
        return ONES[number]
    tens, ones = divmod(number, 10)
    return f"{TENS[tens - 2]} {ONES[ones]}" if ones else TENS[tens - 2]


def with_digits(text: str) -> str:
    """`text` in lower case with its number words as digits."""
    found: list[str] = []
    joins = False
    for word in text.lower().replace("-", " - ").split():
        bare = word.strip(",.;:!?")
        value = _VALUES.get(bare)
        if value is None:
            found.append(word)
        elif joins and 0 < value < 10:
            found[-1] = str(int(found[-1]) + value) + word[len(bare) :]
        else:
            found.append(word.replace(bare, str(value)))
        joins = value is not None and value >= 20 and word == bare
    return " ".join(found).replace(" - ", "-")
