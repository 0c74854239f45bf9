"""The results as a page: `docs/benchmarks.md` is written here and nowhere else."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from launch.build import livekit_server
from tests.benchmarks.row import Row, Sample, median, p95

PACKAGES = (
    "livekit-agents",
    "livekit-plugins-google",
    "livekit",
    "google-genai",
    "django",
)
PAGE = """\
# Benchmarks

Written by `python -m tests.benchmarks`; do not edit.
`--only NAME` (greeting, turns, live, burst, loading, tools, phone, webhook; may be
repeated) measures a part and prints it, `--rounds N` (default 10) sets how often. A
whole run takes about a quarter of an hour and needs a machine that does nothing else.
No test asserts these times.

- Run: {when}, {rounds} rounds
- Machine: {machine}; load average before {load}
- Versions: {versions}

## Method

Two arms run on one machine at the same time and are called in turn, the order reversed
each round: our worker, and a raw starter agent (`tests/benchmarks/starter.py`: the
library's server and command line, a session with the same model and voice activity
detector, a greeting by `generate_reply`). LiveKit server, sandbox model, prompt and
number of idle processes ({idle}) are the same. The sandbox model answers without
thinking, which favours the starter: its greeting waits for the model, ours is
ready-made. The starter counts its load by calls, except where a row says otherwise.

Ours lets the caller in when a worker took the call (after two seconds at the latest),
as a phone rings; the starter's caller enters at once. What counts for a person is the
row from asking for the call. LiveKit takes 0.2 s of it to choose a worker, in both arms
(psrpc's `DefaultAffinityShortCircuit`).

A caller is LiveKit's Python client in the measuring process. Sound is what exceeds an
RMS of 200 in a received 20 ms frame. Spoken turns contain the sandbox's end-of-speech
silence (0.5 s), its 50 ms hop and its decoding, the same for both.
Processor time is read from the processes' own clocks; private memory is what would be
free if the process alone ended. "Whole worker" adds the parent and the fork server.
What is measured of tools runs in one process, against the peer that its row names;
an agent's own settings come with the row of its call, and are left out in both arms.
The database of our arm is SQLite, except for the webhook: there both write to one
PostgreSQL, each with one process, gunicorn as in production and uvicorn.

A telephone is `telephony_app.sip` on the same machine, calling LiveKit's SIP bridge
with its password; the room is made right before, as Twilio's webhook does. A word is a
20 ms frame above an RMS of 300.

## Results

Each sample as minimum, **median**, 95th percentile, maximum (and its size); then the
ratio of the medians and the differences of medians and 95th percentiles.

| Measure | Unit | Ours | Starter | Ratio | Difference p50, p95 | Goal | Met |
|---|---|---|---|---|---|---|---|
{table}
"""


def write(rows: list[Row], path: Path, *, rounds: int, idle: int, load: str) -> None:
    """Put the page where it belongs."""
    page = PAGE.format(
        when=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        rounds=rounds,
        machine=machine(),
        load=load,
        versions=versions(),
        idle=idle,
        table=table(rows),
    )
    path.parent.mkdir(exist_ok=True)
    path.write_text(page)


def table(rows: list[Row]) -> str:
    """The rows in Markdown, without a head."""
    return "\n".join(_line(row) for row in rows)


def _line(row: Row) -> str:
    cells = [
        row.name,
        row.unit,
        _sample(row.ours, row.digits),
        _sample(row.starter, row.digits),
        *_comparison(row),
        row.goal.words if row.goal else "",
        row.verdict,
    ]
    return f"| {' | '.join(cells)} |"


def _sample(sample: Sample, digits: int) -> str:
    if not sample:
        return "none"
    if len(sample) == 1:
        return f"**{sample[0]:.{digits}f}**"
    low, middle, high, highest = (
        f"{value:.{digits}f}"
        for value in (min(sample), median(sample), p95(sample), max(sample))
    )
    return f"{low}, **{middle}**, {high}, {highest} ({len(sample)})"


def _comparison(row: Row) -> tuple[str, str]:
    if not row.ours or not row.starter:
        return "", ""
    middle, high = (of(row.ours) - of(row.starter) for of in (median, p95))
    base = median(row.starter)
    ratio = f"{median(row.ours) / base:.2f}" if base else ""
    return ratio, f"{middle:+.{row.digits}f}, {high:+.{row.digits}f}"


def machine() -> str:
    """Processor, cores, memory, system."""
    info = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(": ")[2] for line in info if line.startswith("model name")]
    memory = psutil.virtual_memory().total / 1024**3
    name = names[0] if names else platform.machine()
    system = f"{platform.system()} {platform.release()}"
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GB, {system}"


def load_average() -> str:
    """How busy the machine was in the last minute, in processes."""
    return f"{os.getloadavg()[0]:.1f}"


def versions() -> str:
    """What was measured."""
    server = subprocess.run(
        [str(livekit_server()), "--version"], capture_output=True, text=True, check=True
    )
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    return ", ".join(
        [f"Python {platform.python_version()}", server.stdout.strip(), *packages]
    )
