"""A number that was called, with all that decides what its caller gets, and the login
by which Twilio gets to the agent.

In one statement by hand, because the caller waits for it: the ORM takes many times as
long, to write the same statement anew. It runs on PostgreSQL and SQLite alike.
"""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, models

from accounts.models import Organization
from agents_app.models import Agent, AgentVersion
from telephony_app.models import PhoneNumber, SipBridge, TwilioAccount


def _in_order(model: type[models.Model], names: str) -> list[str]:
    """These columns as the model has them in order, which `from_db` asks for."""
    return [
        f.attname for f in model._meta.concrete_fields if f.attname in names.split()
    ]


NUMBER = _in_order(
    PhoneNumber,
    "id number is_active forward_to max_calls opening_hours time_zone "
    "organization_id agent_id",
)
ORGANIZATION = _in_order(Organization, "id name")
ACCOUNT = _in_order(TwilioAccount, "id organization_id account_sid secrets")
AGENT = _in_order(Agent, "id organization_id name is_active published_version_id")
VERSION = _in_order(AgentVersion, "id agent_id number raw_config")
BRIDGE = _in_order(SipBridge, "id username secrets")
TABLES = {
    "n": NUMBER,
    "o": ORGANIZATION,
    "t": ACCOUNT,
    "a": AGENT,
    "v": VERSION,
    "b": BRIDGE,
}
SELECTED = ", ".join(f"{t}.{name}" for t, names in TABLES.items() for name in names)
STATEMENT = """
select {}
from telephony_app_phonenumber n
join accounts_organization o on o.id = n.organization_id
left join telephony_app_twilioaccount t on t.organization_id = n.organization_id
left join agents_app_agent a on a.id = n.agent_id
left join agents_app_agentversion v on v.id = a.published_version_id
left join telephony_app_sipbridge b on b.id = 1
where n.number = %s
"""
FIND = STATEMENT.format(SELECTED)
SECRETS = TwilioAccount._meta.get_field("secrets")
READ: dict[str, Callable[[Any], Any]] = {
    "raw_config": json.loads,
    "secrets": lambda sealed: SECRETS.from_db_value(sealed),
}


class Called(NamedTuple):
    """The number with its organization, that one's account at Twilio, its agent and the
    agent's published version; of each what a call asks for. `bridge` is None before
    there is one."""

    number: PhoneNumber
    bridge: SipBridge | None


def find(dialled: str) -> Called | None:
    """What is known of the number, if it is ours."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [dialled])
        found = cursor.fetchone()
    if not found:
        return None
    columns = iter(found)
    return Called(_number(columns), _row(SipBridge, BRIDGE, columns))


def _number(columns: Iterator[Any]) -> PhoneNumber:
    number: PhoneNumber = _row(PhoneNumber, NUMBER, columns)
    number.organization = _row(Organization, ORGANIZATION, columns)
    account = _row(TwilioAccount, ACCOUNT, columns)
    number.agent = _row(Agent, AGENT, columns)
    version = _row(AgentVersion, VERSION, columns)
    if account:
        account.organization = number.organization
    if number.agent:
        number.agent.published_version = version
    return number


def _row(model: type[models.Model], names: list[str], columns: Iterator[Any]) -> Any:
    """The next row of those that were joined; None where there was none."""
    values = list(islice(columns, len(names)))
    if values[0] is None:
        return None
    read = [READ.get(n, _as_it_is)(v) for n, v in zip(names, values, strict=True)]
    return model.from_db(connection.alias, names, read)


def _as_it_is(value: Any) -> Any:
    return value
