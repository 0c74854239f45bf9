"""The functions that the model has called and waits for."""

from collections.abc import Sequence

from livekit_worker.sandbox.client_messages import FunctionResponse
from livekit_worker.sandbox.server_messages import Json


class PendingFunctions:
    """Known by the ids of their calls; each is answered once."""

    def __init__(self) -> None:
        """Wait for none."""
        self.ids: set[str] = set()
        self._over: set[str] = set()
        self._results: list[Json] = []

    def cancel(self) -> list[str]:
        """Wait for none of them any more; which they were."""
        cancelled = sorted(self.ids)
        self._over |= self.ids
        self.ids.clear()
        self._results.clear()
        return cancelled

    def take(self, responses: Sequence[FunctionResponse]) -> list[Json]:
        """The results, once all are there. One from before a reconnect is welcome, and
        so is one without an id, as Vertex AI has them."""
        for given in responses:
            call = given.id or next(iter(self.ids), "")
            if call in self._over:
                continue
            self._results.append(given.response)
            self.ids.discard(call)
            self._over |= {call} - {""}
        if self.ids:
            return []
        complete, self._results = self._results, []
        return complete
