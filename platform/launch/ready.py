"""Say when a call can be made: `python -m launch.ready`, beside the processes."""

import os
import subprocess
import sys
import time
from pathlib import Path

from config.env import BASE_DIR, Environment, read_environment
from launch import dotenv, processes

ASK_EVERY_SECONDS = 0.3
REPORT_EVERY_SECONDS = 5.0


def announce(env: Environment) -> None:
    """Wait until every process is healthy, then print the address and the login.

    Ends in silence when the runner is gone.
    """
    needed, runner = processes.all_of(env), os.getppid()
    started = reported = time.monotonic()
    while needed := [process for process in needed if not process.is_healthy()]:
        if os.getppid() != runner:
            return
        if time.monotonic() - reported > REPORT_EVERY_SECONDS:
            reported = time.monotonic()
            names = ", ".join(process.name for process in needed)
            _say(f"Waiting for {names} ({reported - started:.0f} s) ...")
        time.sleep(ASK_EVERY_SECONDS)
    if env.phone:
        _set_up_telephone()
    _say(_block(env))


def _set_up_telephone() -> None:
    """Trunk and rule: LiveKit's Redis forgets them. What is amiss is told, and browsers
    can call all the same."""
    command = [sys.executable, str(BASE_DIR / "manage.py"), "telephony_setup"]
    subprocess.run(command, cwd=BASE_DIR, check=False)


def _block(env: Environment) -> str:
    """The friendly words, and the one line for scripts."""
    file = env.state_dir / "admin-password"
    password = file.read_text().strip() if file.exists() else ""
    sandbox = processes.needs_sandbox(env)
    lines = [
        "",
        "  The agents are ready for calls.",
        "",
        f"    Open      {env.public_base_url}/admin/",
        f"    Sign in   admin / {password or '(the password that you chose)'}",
        "    Then      Agents, Demo receptionist, Talk",
        *_telephone(env),
        "",
        f"    Model     {'sandbox (no GOOGLE_API_KEY)' if sandbox else 'Gemini Live'}",
        f"    Settings  {_short(dotenv.path())}",
        f"    Logs      {_short(env.state_dir / 'logs')}, or ./start.sh logs",
        "    Stop      Ctrl-C, or ./start.sh stop",
        "",
        f"READY url={env.public_base_url} user=admin password={password}",
    ]
    return "\n".join(lines)


def _telephone(env: Environment) -> list[str]:
    if not env.phone:
        return []
    command = '.venv/bin/python manage.py test_call "Demo receptionist"'
    return [f"    Phone     {env.sip_host}; try {command}"]


def _short(path: Path) -> str:
    return os.path.relpath(path)


def _say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    announce(read_environment())
