"""The value of a parameter in what somebody says."""

import json
import re
from datetime import date, datetime
from typing import Any

from livekit_worker.sandbox.function import Parameter
from livekit_worker.sandbox.language.numbers import with_digits
from livekit_worker.sandbox.language.times import find_date, find_time
from livekit_worker.sandbox.language.words import stems, vocabulary, words

YES = frozenset(vocabulary("yes yeah yep sure okay ok correct right true"))
NO = frozenset(vocabulary("no nope not wrong false"))
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_CLOCK_OR_DATE = re.compile(r"\bat \d+\b|\d+:\d+|\d{4}-\d+-\d+|\d+(?:st|nd|rd|th)\b")
_PHONE = re.compile(r"\+?\d[\d ()-]{4,}\d")
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")


def subject(parameter: Parameter) -> str:
    """What a value is about: `date`, `time`, `datetime`, `email`, ... or `text`."""
    named = set(stems(f"{parameter.label} {parameter.format.replace('-', ' ')}"))
    if parameter.choices:
        return "choice"
    if parameter.kind != "string":
        return parameter.kind
    if (
        parameter.format == "date-time"
        or {"datetim"} & named
        or {"dat", "tim"} <= named
    ):
        return "datetime"
    for kind, signs in _SIGNS.items():
        if signs & named:
            return kind
    return "text"


_SIGNS = {
    "date": frozenset(stems("date day")),
    "time": frozenset(stems("time hour clock")),
    "email": frozenset(stems("email mail")),
    "phone": frozenset(stems("phone telephone mobile")),
}


def find_value(
    parameter: Parameter, text: str, *, today: date, asked: bool = False
) -> Any | None:
    """The parameter's value in `text`, or None; `asked`: the text answers for it."""
    kind = subject(parameter)
    if kind == "choice":
        return _choice(parameter, text)
    if kind in ("date", "time", "datetime"):
        return _moment(kind, text, today=today, asked=asked)
    if kind in ("integer", "number"):
        return _number(text, whole=kind == "integer")
    if kind == "boolean":
        return yes_or_no(text) if asked else None
    if kind in ("email", "phone"):
        found = (_EMAIL if kind == "email" else _PHONE).search(text)
        return found[0].strip() if found else None
    return _free(parameter, kind, text, asked=asked)


def yes_or_no(text: str) -> bool | None:
    """True for yes, False for no, None when it is neither."""
    said = set(words(text))
    if said & NO:
        return False
    return True if said & YES else None


def _choice(parameter: Parameter, text: str) -> Any | None:
    said = f" {' '.join(words(text))} "
    chosen = next(
        (c for c in parameter.choices if f" {' '.join(words(c))} " in said), None
    )
    if chosen is not None and parameter.kind == "integer":
        return int(chosen)
    return chosen


def _moment(kind: str, text: str, *, today: date, asked: bool) -> str | None:
    day = find_date(text, today=today)
    clock = find_time(text, bare_hour=asked and kind != "date")
    if kind == "date":
        return day.isoformat() if day else None
    if kind == "time":
        return clock.strftime("%H:%M") if clock else None
    return datetime.combine(day, clock).isoformat() if day and clock else None


def _number(text: str, *, whole: bool) -> int | float | None:
    found = _NUMBER.search(_CLOCK_OR_DATE.sub(" ", with_digits(text)))
    if not found:
        return None
    value = float(found[0])
    return int(value) if whole else value


def _free(parameter: Parameter, kind: str, text: str, *, asked: bool) -> Any | None:
    if kind in ("object", "array"):
        return _structure(kind, text) if asked else None
    label = re.escape(parameter.label).replace("\\ ", "[ _]")
    given = re.search(rf"\b{label}\s*(?:is|=|:)\s*([^,;]+)", text, re.IGNORECASE)
    if given:
        return given[1].strip(" .\"“”'")
    if not asked:
        return None
    quoted = _QUOTED.search(text)
    return (quoted[1] if quoted else text).strip(" .!?") or None


def _structure(kind: str, text: str) -> Any | None:
    """JSON as typed; a list may be said with commas and "and"."""
    try:
        value = json.loads(text)
    except ValueError:
        value = re.split(r"\s*(?:,|\band\b)\s*", text.strip(" .")) if text else None
    wanted = list if kind == "array" else dict
    return value if isinstance(value, wanted) else None
