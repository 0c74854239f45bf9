"""What the web process carries: not the worker's libraries."""

from tests.platform.process import python

HEAVY = ["livekit.agents", "livekit.plugins", "livekit.rtc", "google.genai", "mcp"]
WORKER_ONLY = [*HEAVY, "pocketsphinx", "espeakng_loader", "numpy", "trustme"]
SERVE = """
import sys
from django.test import Client
import config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
assert Client(HTTP_HOST="127.0.0.1").get("/admin/login/").status_code == 200
print([name for name in {names} if name in sys.modules])
"""
WITHOUT = """
import sys
for name in {names}:
    sys.modules[name] = None
"""


def serve(code: str) -> str:
    """What the code prints as a web process."""
    done = python(code, DJANGO_SETTINGS_MODULE="tests.settings")
    return done.stdout.strip()


def test_web_process_imports_none_of_the_workers_libraries() -> None:
    assert serve(SERVE.format(names=HEAVY)) == "[]"


def test_web_process_runs_where_they_are_not_installed() -> None:
    serve(WITHOUT.format(names=WORKER_ONLY) + SERVE.format(names=[]))
