"""Log lines, plain for people and JSON for machines."""

import json

from tests.platform.process import python

CODE = """
import django, logging
django.setup()
extra = {"call_id": "c1", "lk.pii.text": "sesame"}
logging.getLogger("voice").warning("heard %s", "you", extra=extra)
"""


def logged(log_format: str) -> str:
    """The line that a process writes in this format."""
    return python(CODE, LOG_FORMAT=log_format).stderr.strip()


def test_plain_line_is_for_a_terminal() -> None:
    assert logged("plain").startswith("WARNING voice: heard you")


def test_json_line_carries_time_level_and_call() -> None:
    line = json.loads(logged("json"))
    assert line["message"] == "heard you"
    assert line["levelname"] == "WARNING"
    assert line["call_id"] == "c1"
    assert line["asctime"]


def test_no_line_tells_what_livekit_marks_as_personal() -> None:
    assert "sesame" not in logged("plain") + logged("json")
