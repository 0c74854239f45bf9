"""A program starts once what it needs takes connections."""

import socket
import subprocess
import sys
import threading
import time

from config.env import BASE_DIR


def test_command_runs_when_somebody_answers() -> None:
    with socket.socket() as late:
        late.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{late.getsockname()[1]}"
        opened: list[float] = []

        def open_later() -> None:
            opened.append(time.time())
            late.listen()

        threading.Timer(1, open_later).start()
        tell_time = [sys.executable, "-c", "import time; print(time.time())"]
        command = [sys.executable, "-m", "launch.after", address, *tell_time]
        done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True)
    assert float(done.stdout) > opened[0]
