"""How much trouble with the model is too much.

The plugin reconnects after each failure but sets no bound: a server that accepts and
drops would keep the caller in silence for ever.
"""

import time

from livekit_worker.ending import End
from telephony_app.models import Cause

ERRORS_PER_MINUTE = 5


class ModelTrouble:
    """The model's failures in a call. After a fatal one it speaks no more."""

    def __init__(self) -> None:
        self.is_fatal = False
        self._at: list[float] = []

    def is_too_much(self, *, recoverable: bool) -> bool:
        """Count a failure; whether the model has to be given up."""
        now = time.monotonic()
        self._at = [*(at for at in self._at if now - at < 60), now]
        if not recoverable or len(self._at) > ERRORS_PER_MINUTE:
            self.is_fatal = True
        return self.is_fatal


def model_unavailable(detail: str) -> End:
    """The end of a call whose model cannot be reached: an apology, and why."""
    return End(
        Cause.MODEL_UNAVAILABLE,
        "unavailable_message",
        f"The model could not be reached ({detail}). "
        "Check GOOGLE_API_KEY, the agent's model, and the network.",
    )
