"""Finding calls by what people read off a telephone or from Twilio's console."""

import re

from django.db.models import Q, QuerySet

from telephony_app.models import Call

HELP = "A telephone number with its country (+1 202 555 0111), or Twilio's call SID"
BETWEEN_DIGITS = str.maketrans("", "", " -./()")


def search(calls: QuerySet[Call], words: str) -> QuerySet[Call]:
    """The calls of a number, or the one call that Twilio names so; all, of nothing."""
    words = words.strip()
    if not words:
        return calls
    if re.fullmatch(r"CA[0-9a-f]{32}", words):
        return calls.filter(call_sid=words)
    number = words.translate(BETWEEN_DIGITS)
    number = re.sub(r"^00(?=[1-9])", "+", number)
    return calls.filter(Q(caller=number) | Q(callee=number))
