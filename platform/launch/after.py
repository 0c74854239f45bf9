"""`python -m launch.after HOST:PORT COMMAND...`: become the command once somebody
answers there. For programs that give up when what they need starts beside them."""

import os
import socket
import sys
import time

SECONDS = 30.0


def wait_for(host: str, port: int) -> bool:
    """Whether the address took a connection in time."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


if __name__ == "__main__":
    address, *command = sys.argv[1:]
    host, _, port = address.rpartition(":")
    if not wait_for(host, int(port)):
        sys.exit(f"Nobody answers at {address}, and {command[0]} needs it.")
    os.execvp(command[0], command)
