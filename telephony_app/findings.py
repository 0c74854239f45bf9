"""What a look at the telephone found: said in words, with what to do about it."""

from collections.abc import Iterable

from django.db import models
from pydantic import BaseModel, ConfigDict


class Severity(models.TextChoices):
    """How much somebody has to mind, from least to most."""

    FINE = "fine", "Fine"
    CHANGED = "changed", "Changed"
    WARNING = "warning", "Warning"
    BAD = "bad", "Broken"

    @property
    def rank(self) -> int:
        """The place in the order, from 0."""
        return list(Severity).index(self)


class Finding(BaseModel):
    """One thing that was looked at. `mend` tells staff what to do; holds no secret.

    `code` names what a page has a button for.
    """

    model_config = ConfigDict(frozen=True)

    severity: Severity
    words: str
    mend: str = ""
    code: str = ""


def fine(words: str) -> Finding:
    """It is as it should be."""
    return Finding(severity=Severity.FINE, words=words)


def changed(words: str) -> Finding:
    """It was changed; in a dry run, it would be."""
    return Finding(severity=Severity.CHANGED, words=words)


def warning(words: str, mend: str) -> Finding:
    """Calls go on, but somebody should look."""
    return Finding(severity=Severity.WARNING, words=words, mend=mend)


def bad(words: str, mend: str, *, code: str = "") -> Finding:
    """Calls do not work until somebody mends it."""
    return Finding(severity=Severity.BAD, words=words, mend=mend, code=code)


def worst(findings: Iterable[Finding]) -> Severity:
    """The severity of the whole; of nothing it is fine."""
    ranks = [found.severity for found in findings]
    return max(ranks, key=lambda severity: severity.rank, default=Severity.FINE)
