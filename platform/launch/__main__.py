"""`./start.sh [start|stop|status|logs] [--phone]`, in the Python environment."""

import os
import subprocess
import sys

from config.env import BASE_DIR, Environment, read_environment
from launch import dotenv, instance, livekit, phone, ports, processes, runner

PHONE = "--phone"
ELSEWHERE = (
    "--phone runs LiveKit and its SIP bridge on this machine, but LIVEKIT_URL or "
    "SIP_HOST names others. Unset them, or start without --phone."
)


def start(env: Environment) -> int:
    """Prepare and run everything; ends with it."""
    if env.phone and not (livekit.is_ours(env) and phone.is_ours(env)):
        return _refuse(ELSEWHERE)
    claimed = instance.claim(env.state_dir, phone=env.phone)
    if claimed is None:
        return _refuse("It runs already. Stop it first: ./start.sh stop")
    with claimed:
        needed = processes.all_of(env)
        busy = ports.busy(needed)
        if busy:
            return _refuse("\n".join(busy))
        _write_configurations(env)
        print("Preparing the database and the demo agent ...", flush=True)
        prepare = [sys.executable, "-m", "launch.prepare"]
        if subprocess.run(prepare, cwd=BASE_DIR, check=False).returncode:
            return _refuse("The preparation failed; what went wrong stands above.")
        return runner.run(needed, state_dir=env.state_dir)


def _write_configurations(env: Environment) -> None:
    if livekit.is_ours(env):
        livekit.write_config(env)
    if env.phone:
        phone.write_config(env)


def stop(env: Environment) -> int:
    """Stop the running instance."""
    found = instance.running(env.state_dir)
    if found is None:
        print("Nothing runs.")
        return 0
    if found.pid is None:
        return _refuse("It starts at this very moment. Stop it again in a few seconds.")
    if not instance.stop(found.pid, env.state_dir):
        return _refuse(f"Process {found.pid} does not stop: kill -9 {found.pid}")
    print("Stopped.")
    return 0


def status(env: Environment) -> int:
    """Say how each process is; an error when something is down."""
    found = instance.running(env.state_dir)
    if found is None:
        print("Nothing runs. Start it: ./start.sh")
        return 1
    needed = processes.all_of(env.model_copy(update={"phone": found.phone}))
    health = {process.name: process.is_healthy() for process in needed}
    for name, healthy in health.items():
        print(f"{name:10}{'up' if healthy else 'DOWN'}")
    return 0 if all(health.values()) else 1


def logs(env: Environment) -> int:
    """Follow what the processes say; never returns when there is a log."""
    file = runner.log_file(env.state_dir)
    if not file.exists():
        return _refuse("There is no log yet. Start the platform first: ./start.sh")
    os.execvp("tail", ["tail", "-n", "200", "-F", str(file)])


def _refuse(words: str) -> int:
    sys.stderr.write(words + "\n")
    return 1


COMMANDS = {"start": start, "stop": stop, "status": status, "logs": logs}


def main(words: list[str]) -> int:
    """Run one command; its exit code."""
    commands = [word for word in words if word != PHONE] or ["start"]
    if len(commands) != 1 or commands[0] not in COMMANDS:
        return _refuse(f"Usage: ./start.sh [{'|'.join(COMMANDS)}] [{PHONE}]")
    if PHONE in words:
        # The processes beside this one read it, too.
        os.environ["PHONE"] = "true"
    if dotenv.write_once():
        print(f"Wrote {dotenv.path()} with fresh secrets; edit it to change settings.")
    return COMMANDS[commands[0]](read_environment())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
