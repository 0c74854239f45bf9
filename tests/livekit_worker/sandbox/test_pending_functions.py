"""Which results the model answers with."""

from livekit_worker.sandbox.client_messages import FunctionResponse
from livekit_worker.sandbox.pending_functions import PendingFunctions


def waiting(*ids: str) -> PendingFunctions:
    """A model that waits for these calls."""
    pending = PendingFunctions()
    pending.ids |= set(ids)
    return pending


def result(call_id: str, output: str = "x") -> FunctionResponse:
    """What a function gave."""
    return FunctionResponse(id=call_id, response={"output": output})


def test_results_are_there_once_all_have_answered() -> None:
    pending = waiting("a", "b")
    assert pending.take([result("a", "one")]) == []
    assert pending.take([result("b", "two")]) == [{"output": "one"}, {"output": "two"}]


def test_second_result_of_a_call_is_not_answered() -> None:
    pending = waiting("a")
    pending.take([result("a")])
    assert pending.take([result("a")]) == []


def test_result_of_a_cancelled_call_is_not_answered() -> None:
    pending = waiting("a", "b")
    assert pending.cancel() == ["a", "b"]
    assert pending.take([result("a"), result("b")]) == []


def test_result_from_before_a_reconnect_is_answered() -> None:
    assert waiting().take([result("a")]) == [{"output": "x"}]


def test_results_without_an_id_are_answered() -> None:
    pending = waiting("a")
    assert pending.take([result("")]) == [{"output": "x"}]
    assert pending.take([result("")]) == [{"output": "x"}]
