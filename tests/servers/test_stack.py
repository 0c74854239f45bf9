"""The running processes themselves."""

from telephony_app.models import Call
from tests.servers.stack import Stack


def test_a_signed_in_client_opens_a_call(stack: Stack) -> None:
    stack.worker()
    agent = stack.make_agent()
    session = stack.signed_in()
    answer = session.post(
        f"{stack.url}/api/v1/voice/session", json={"agent_id": agent.pk}, timeout=10
    )
    assert answer.status_code == 201, answer.text
    call = Call.objects.get(pk=answer.json()["call_id"])
    stack.wait_for(lambda: call.events.filter(kind="agent_joined"), "the agent")
    ended = session.post(f"{stack.url}/api/v1/calls/{call.pk}/end", timeout=10)
    assert ended.ok, ended.text


def test_tests_that_roll_back_see_no_row_of_the_processes(db: None) -> None:
    assert not Call.objects.exists()
