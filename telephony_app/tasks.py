"""What Celery does for calls: repair what nobody reported, keep recordings in order."""

from celery import Task, shared_task

from telephony_app import recordings
from telephony_app.reconciler import reconcile
from telephony_app.twilio.rest import TwilioRefused

RETRY_SECONDS = 20


@shared_task
def reconcile_calls() -> None:
    """Compare calls with LiveKit's rooms; beat sends it every 30 s."""
    reconcile()


@shared_task(bind=True, max_retries=5)
def fetch_recording(self: "Task[..., None]", recording_id: int) -> None:
    """Store what Twilio recorded; tried again for about ten minutes."""
    try:
        recordings.fetch(recording_id)
    except (TwilioRefused, OSError) as error:
        countdown = RETRY_SECONDS * 2**self.request.retries
        raise self.retry(exc=error, countdown=countdown) from None


@shared_task
def fetch_lost_recordings() -> None:
    """Send again what was lost on the way; beat sends it every ten minutes."""
    for recording_id in recordings.lost():
        fetch_recording.delay(recording_id)


@shared_task
def delete_old_recordings() -> None:
    """Delete what was kept long enough, and files of no recording; sent every night."""
    recordings.drop_outdated()
    recordings.sweep()
