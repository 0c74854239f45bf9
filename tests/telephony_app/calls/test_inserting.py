"""A new row is saved by hand as the ORM saves it."""

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from agents_app.models import Agent
from telephony_app.calls.inserting import insert
from telephony_app.models import Call, CallEvent
from tests.telephony_app.conftest import NOON


def new_call(agent: Agent, room: str) -> Call:
    """A row that is not saved yet."""
    return Call(
        organization=agent.organization,
        agent=agent,
        direction=Call.Direction.INBOUND,
        room=room,
        variables={"name": "Zoë"},
        created_at=NOON,
    )


def test_row_is_the_one_that_the_orm_would_save(agent: Agent) -> None:
    by_hand, by_orm = new_call(agent, "a"), new_call(agent, "b")
    insert(by_hand)
    by_orm.save(force_insert=True)
    first, second = (Call.objects.get(pk=row.pk) for row in (by_hand, by_orm))
    differing = {"room"}
    fields = set(model_to_dict(first)) - differing
    assert {n: getattr(first, n) for n in fields} == {
        n: getattr(second, n) for n in fields
    }
    assert first.created_at == NOON


def test_row_can_be_saved_again(agent: Agent) -> None:
    call = new_call(agent, "a")
    insert(call)
    call.error = "late"
    call.save()
    assert Call.objects.get().error == "late"


def test_key_that_the_database_counts_up_is_left_to_it(agent: Agent) -> None:
    call = new_call(agent, "a")
    insert(call)
    for key in ("x", "y"):
        insert(CallEvent(call=call, source="t", kind="ended", dedupe_key=key, at=NOON))
    assert call.events.count() == 2


def test_row_that_is_there_already_is_refused(agent: Agent) -> None:
    insert(new_call(agent, "a"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(new_call(agent, "a"))
