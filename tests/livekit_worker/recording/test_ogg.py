"""The file of a recording, whatever becomes of who writes it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from livekit_worker.recording.ogg import OggFile, seconds_of
from tests.livekit_worker.recording.conftest import heard, loud_steps, silence, tone


def test_caller_is_on_the_left_and_agent_on_the_right(tmp_path: Path) -> None:
    path = tmp_path / "call.ogg"
    file = OggFile(path)
    file.write(tone(0.5), silence(0.5))
    file.write(silence(0.5), tone(0.5))
    file.close()
    left, right = heard(path)
    assert loud_steps(left) == [0, 1, 2, 3, 4]
    assert loud_steps(right) == [5, 6, 7, 8, 9]


def test_length_is_known_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "call.ogg"
    file = OggFile(path)
    file.write(silence(3), tone(3))
    file.close()
    assert seconds_of(path) == 3


def test_recording_that_was_never_begun_has_no_length(tmp_path: Path) -> None:
    path = tmp_path / "call.ogg"
    path.touch()
    assert seconds_of(path) == 0


WRITER = """
import sys, time
from pathlib import Path
from livekit_worker.recording.ogg import OggFile
from tests.livekit_worker.recording.conftest import tone
file = OggFile(Path(sys.argv[1]))
for _ in range(4):
    file.write(tone(1), tone(1))
print("written", flush=True)
time.sleep(60)
"""


def test_writer_that_is_killed_leaves_all_but_the_last_second(tmp_path: Path) -> None:
    path = tmp_path / "call.ogg"
    command = [sys.executable, "-c", WRITER, str(path)]
    paths = os.pathsep.join(sys.path)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths}
    ) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"written\n"
        writer.send_signal(signal.SIGKILL)
    assert seconds_of(path) >= 3
