"""What Celery does for calls: repair what nobody reported."""

from celery import shared_task

from telephony_app.reconciler import reconcile


@shared_task
def reconcile_calls() -> None:
    """Compare calls with LiveKit's rooms; beat sends it every 30 s."""
    reconcile()
