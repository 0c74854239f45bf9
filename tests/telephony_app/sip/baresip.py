"""baresip (https://github.com/baresip/baresip): a telephone that others wrote."""

import shutil
import subprocess
import time
import wave
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.servers.ports import free_port, port_range

CONFIG = """\
sip_listen 127.0.0.1:{port}
net_interface 127.0.0.1
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
audio_source aufile,{folder}/says.wav
audio_player aubridge,nil
audio_alert aubridge,nil
snd_path {folder}
rtp_ports {rtp_ports}
"""
ACCOUNT = "<sip:bob@127.0.0.1>;regint=0;answermode=auto;audio_codecs=PCMU/8000/1\n"
MODULES = "/usr/lib/baresip/modules"


class Baresip:
    """A telephone that picks up at once, or dials, and plays these samples."""

    def __init__(self, folder: Path, *, says: bytes, dials: str = "") -> None:
        self._folder, self._port = folder, free_port()
        config = CONFIG.format(
            port=self._port, folder=folder, modules=MODULES, rtp_ports=port_range(100)
        )
        (folder / "config").write_text(config)
        (folder / "accounts").write_text(ACCOUNT)
        (folder / "contacts").touch()
        with wave.open(str(folder / "says.wav"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            # It hangs up at the end of the file.
            file.writeframes(says + bytes(16_000 * 30))
        self._command = ["baresip", "-f", str(folder), "-v"]
        self._command += ["-e", f"/dial {dials}"] if dials else []

    def __enter__(self) -> Self:
        if not shutil.which("baresip"):
            pytest.skip("baresip is not installed")
        with (self._folder / "log").open("w") as log:
            self._running = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.said("baresip is ready")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.kill()
        self._running.wait()

    @property
    def uri(self) -> str:
        """Where it is called."""
        return f"sip:bob@127.0.0.1:{self._port}"

    def said(self, words: str) -> str:
        """Wait until its log has these words; all of it."""
        deadline = time.monotonic() + 10
        while words not in (log := (self._folder / "log").read_text(errors="replace")):
            assert time.monotonic() < deadline, f"No {words!r} in:\n{log}"
            time.sleep(0.05)
        return log

    def heard(self) -> bytes:
        """The samples that it got."""
        [file] = self._folder.glob("dump-*-dec.wav")
        with wave.open(str(file)) as dump:
            return dump.readframes(dump.getnframes())
