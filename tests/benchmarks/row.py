"""One line of the results: what was measured in both arms, and what was aimed at."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

Sample = list[float]


@dataclass(frozen=True)
class Goal:
    """A goal in words, and whether our sample, given the starter's, meets it."""

    words: str
    is_met: Callable[[Sample, Sample], bool]


@dataclass(frozen=True)
class Row:
    """A quantity, with each arm's sample in the same unit."""

    name: str
    unit: str
    ours: Sample
    starter: Sample
    goal: Goal | None = None
    digits: int = 0

    @property
    def verdict(self) -> str:
        """Whether the goal is met; without a sample of each arm it is not."""
        if self.goal is None:
            return ""
        both = self.ours and self.starter
        met = both and self.goal.is_met(self.ours, self.starter)
        return "yes" if met else "**no**"


def median(sample: Sample) -> float:
    """The middle of a sample."""
    return statistics.median(sample)


def p95(sample: Sample) -> float:
    """The value that 95 of 100 do not exceed, by the nearest rank."""
    return sorted(sample)[max(0, -(-len(sample) * 95 // 100) - 1)]
