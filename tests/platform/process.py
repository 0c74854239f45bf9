"""A fresh Python process in the test run's environment."""

import os
import subprocess
import sys

from config.env import BASE_DIR


def python(
    code: str, *words: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the code with further environment variables; fails when the code does."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | variables,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done
