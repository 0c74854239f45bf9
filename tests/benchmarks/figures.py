"""What a worker's processes cost: private memory, processor time, time to get ready.

Linux only: processor clocks of other processes, and their private pages.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import psutil

MEGABYTE = 1024 * 1024


def cpu_seconds(pid: int) -> float:
    """Processor time of all its threads so far, ended ones too, in nanosecond steps.

    The clock's number is made as clock_getcpuclockid(3) makes it.
    """
    return time.clock_gettime((~pid << 3) | 2)


@dataclass(frozen=True)
class WorkerProcesses:
    """A worker: the process that takes jobs, its fork server, and the job processes."""

    pid: int

    def jobs(self) -> dict[int, psutil.Process]:
        """The job processes, idle or not: the children of the fork server."""
        children = psutil.Process(self.pid).children()
        forks = [c for c in children if "forkserver" in " ".join(c.cmdline())]
        return {job.pid: job for fork in forks for job in fork.children()}

    def private_megabytes(self) -> list[float]:
        """Of each job process, the memory that would be free if it alone ended."""
        jobs = self.jobs().values()
        return [job.memory_full_info().uss / MEGABYTE for job in jobs]

    def cpu(self) -> dict[int, float]:
        """Processor seconds of every process of the worker so far."""
        tree = psutil.Process(self.pid).children(recursive=True)
        return dict(_clocks([self.pid, *(process.pid for process in tree)]))


def _clocks(pids: list[int]) -> Iterator[tuple[int, float]]:
    for pid in pids:
        try:
            yield pid, cpu_seconds(pid)
        except OSError:
            # It has just ended.
            continue


@dataclass(frozen=True)
class Spent:
    """Processor seconds between two looks at a worker, by process."""

    by_process: dict[int, float]

    @classmethod
    def between(cls, before: dict[int, float], after: dict[int, float]) -> "Spent":
        """What each process of `after` spent since `before`, or since it began."""
        return cls({pid: now - before.get(pid, 0.0) for pid, now in after.items()})

    @property
    def all(self) -> float:
        """By the whole worker."""
        return sum(self.by_process.values())

    def busiest_of(self, pids: set[int]) -> float:
        """By the one of `pids` that did most: the process of the only live call."""
        return max(self.by_process.get(pid, 0.0) for pid in pids)


def ready_milliseconds(log: str) -> list[float]:
    """From the worker's log: how long each job process took until it could work,
    without the first one, which waits for the fork server to load everything."""
    began: dict[int, datetime] = {}
    times: list[float] = []
    for at, words, pid in _lines(log):
        if words == "initializing process":
            began[pid] = at
        elif words == "process initialized" and pid in began:
            times.append((at - began[pid]).total_seconds() * 1000)
    return times[1:]


def _lines(log: str) -> Iterator[tuple[datetime, str, int]]:
    """Time, message and process id of the JSON lines that are about a process."""
    for line in log.splitlines():
        if line.startswith("{") and '"pid"' in line:
            said = json.loads(line)
            at = str(said.get("asctime") or said["timestamp"]).replace(",", ".")
            yield datetime.fromisoformat(at), str(said["message"]), int(said["pid"])
