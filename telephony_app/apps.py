"""Telephony: how a voice reaches an agent, and what is kept of it."""

from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    """The app of calls, numbers, rooms and workers."""

    name = "telephony_app"
    verbose_name = "Telephony"
