"""What Celery's beat sends, again and again."""

from django.conf import settings

from tests.platform.process import python

# What a worker does when it starts.
REGISTERED = """
from config import celery_app
celery_app.loader.import_default_modules()
print(*celery_app.tasks)
"""
PROMISED = {
    "agents_app.tasks.make_missing_speech",
    "telephony_app.tasks.check_numbers",
    "telephony_app.tasks.delete_old_recordings",
    "telephony_app.tasks.fetch_lost_recordings",
    "telephony_app.tasks.fetch_unreported_recordings",
    "telephony_app.tasks.mend_bridge",
    "telephony_app.tasks.reconcile_calls",
    "tools_app.tasks.check_mcp_servers",
}


def scheduled() -> set[str]:
    """The tasks that the schedule names."""
    return {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_what_is_promised_is_sent() -> None:
    assert scheduled() >= PROMISED


def test_what_is_sent_is_known_to_who_runs_it() -> None:
    assert scheduled() <= set(python(REGISTERED).stdout.split())
