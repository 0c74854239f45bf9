"""What an agent did during a call besides talking, shown on the call's page.

Its tools live in an app that imports this one, so that app registers how their calls
are told.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.utils import timezone
from django.utils.translation import ngettext

from telephony_app.models import Call


@dataclass(frozen=True)
class Activity:
    """A tool call as the page shows it: a bar in the timeline, an entry of its own
    between the turns.

    `end` is None while it runs. `template` draws the entry; it finds what it tells in
    `row`. `failure` is the name of what failed, empty when it went well.
    """

    begin: datetime
    end: datetime | None
    title: str
    template: str
    row: Any
    failure: str = ""

    @property
    def until(self) -> datetime:
        """Where its bar ends: now, while it runs."""
        return self.end or timezone.now()

    @property
    def milliseconds(self) -> int | None:
        """How long it took; None while it runs."""
        if self.end is None:
            return None
        return round((self.end - self.begin).total_seconds() * 1000)


Source = Callable[[Call], Iterable[Activity]]


def failures(activities: Sequence[Activity]) -> str:
    """Which tool calls failed, in a sentence; empty when none did."""
    names = Counter(a.failure for a in activities if a.failure)
    if not names:
        return ""
    count = names.total()
    told = ", ".join(f"{n} ({c} times)" if c > 1 else n for n, c in names.items())
    words = ngettext("%d tool call failed: %s.", "%d tool calls failed: %s.", count)
    return words % (count, told)


def median_ms(activities: Sequence[Activity]) -> int | None:
    """The length of the middle one; None when none has ended."""
    lengths = [a.milliseconds for a in activities if a.milliseconds is not None]
    return round(median(lengths)) if lengths else None
