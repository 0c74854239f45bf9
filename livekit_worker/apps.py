"""The voice worker: the running conversation."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """The app of the worker's commands; it has no rows of its own."""

    name = "livekit_worker"
    verbose_name = "Voice worker"

    def ready(self) -> None:
        """Tell the Talk page what the sandbox model understands by ear."""
        from livekit_worker.phrase_book import things_to_say
        from telephony_app.calls.phrases import provide

        provide(things_to_say)
