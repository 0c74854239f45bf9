"""Our worker measured against a raw starter agent, on one machine in one run.

`python -m tests.benchmarks` starts a LiveKit server, the sandbox model, our worker
and the starter, calls both in turn and writes `docs/benchmarks.md`.
"""
