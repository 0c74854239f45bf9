"""Project configuration. The Celery app is imported here so that a task sent from
any process finds the configured broker."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
