"""The commands of README.md, as somebody pastes them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from agents_app.models import Agent
from config.env import BASE_DIR
from tests.servers.stack import Stack

pytestmark = pytest.mark.heavy
README = (BASE_DIR / "README.md").read_text()


def commands(word: str) -> str:
    """The block of shell commands in which the word stands."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    [block] = [block for block in blocks if word in block]
    return block


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_voice_session_is_opened_over_the_api(
    stack: Stack, receptionist: Agent, tmp_path: Path
) -> None:
    stack.worker()
    script = commands("csrftoken").replace("http://127.0.0.1:8000", stack.url)
    script = script.replace('"agent_id": 1', f'"agent_id": {receptionist.pk}')
    password = (stack.settings.state_dir / "admin-password").read_text().strip()
    done = subprocess.run(
        ["bash", "-ec", script],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PASSWORD": password},
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout)
    assert set(told) == {"url", "token", "room", "call_id"}, done.stderr
