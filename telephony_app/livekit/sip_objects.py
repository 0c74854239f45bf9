"""LiveKit's SIP objects: the inbound trunk, which asks for a password, and the dispatch
rule, which turns the dialled user of a SIP address into the name of a room.

They live in LiveKit's Redis alone. Others may have theirs beside ours.
https://docs.livekit.io/sip/
"""

import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

from django.conf import settings
from google.protobuf.duration_pb2 import Duration
from livekit import api

from agents_app.config import LONGEST_CALL_SECONDS
from telephony_app.livekit.client import LiveKitUnreachable, ask
from telephony_app.livekit.rooms import (
    AWAY_SECONDS,
    CALL_ID,
    CALL_ID_HEADER,
    MAX_PARTICIPANTS,
)

Trunk = api.SIPInboundTrunkInfo
Rule = api.SIPDispatchRuleInfo
T = TypeVar("T")
Object = TypeVar("Object", Trunk, Rule)

MANAGED_BY = {"managed_by": "voice-agent-platform"}
# A caller rings this long at most; LiveKit's own limit is three minutes.
RINGING_SECONDS = 20
# An agent speaks two hours at most, and a person it puts through to as long again.
LONGEST_LINE_SECONDS = 2 * LONGEST_CALL_SECONDS
# A room that a call reached without us waits this long for its agent.
EMPTY_SECONDS = 30
GIVEN_BY_LIVEKIT = (
    "sip_trunk_id",
    "sip_dispatch_rule_id",
    "created_at",
    "updated_at",
)
NO_REDIS = (
    "LiveKit runs without Redis, so no telephone reaches it. Start everything with "
    "./start.sh --phone, or give livekit-server a `redis` section and run livekit-sip "
    "beside it."
)


def wanted_trunk(username: str, password: str) -> Trunk:
    """The trunk as it should be: for any number, for who knows the password."""
    trunk = Trunk(
        name="Voice agents",
        auth_username=username,
        auth_password=password,
        headers_to_attributes={CALL_ID_HEADER: CALL_ID},
        ringing_timeout=Duration(seconds=RINGING_SECONDS),
        max_call_duration=Duration(seconds=LONGEST_LINE_SECONDS),
        metadata=json.dumps(MANAGED_BY),
    )
    if settings.SIP_TRANSPORT == "tls":
        trunk.media.encryption = api.SIP_MEDIA_ENCRYPT_ALLOW
    return trunk


def wanted_rule(trunk_id: str) -> Rule:
    """The rule as it should be: for this trunk's calls alone, because a rule without
    trunks takes in calls that no trunk asked for a password.

    Its agent answers in a room that was not made before; in one that was, LiveKit
    leaves the rule's agent out (livekit/livekit#4390).
    """
    fallback = api.RoomAgentDispatch(
        agent_name=settings.AGENT_NAME, metadata=json.dumps({"fallback": True})
    )
    callee = api.SIPDispatchRuleCallee(room_prefix="", randomize=False)
    return Rule(
        name="Voice agents",
        trunk_ids=[trunk_id],
        metadata=json.dumps(MANAGED_BY),
        rule=api.SIPDispatchRule(dispatch_rule_callee=callee),
        room_config=api.RoomConfiguration(
            empty_timeout=EMPTY_SECONDS,
            departure_timeout=AWAY_SECONDS,
            max_participants=MAX_PARTICIPANTS,
            agents=[fallback],
        ),
        # LiveKit writes an empty one of its own accord.
        media=api.SIPMediaConfig(),
    )


def trunks() -> list[Trunk]:
    """Every inbound trunk that LiveKit has."""
    every = api.ListSIPInboundTrunkRequest()
    return list(_ask(lambda lk: lk.sip.list_inbound_trunk(every)).items)


def rules() -> list[Rule]:
    """Every dispatch rule that LiveKit has."""
    every = api.ListSIPDispatchRuleRequest()
    return list(_ask(lambda lk: lk.sip.list_dispatch_rule(every)).items)


def make(wanted: Trunk | Rule) -> str:
    """Make it; gives its id."""
    if isinstance(wanted, Trunk):
        trunk = api.CreateSIPInboundTrunkRequest(trunk=wanted)
        return _ask(lambda lk: lk.sip.create_inbound_trunk(trunk)).sip_trunk_id
    rule = api.CreateSIPDispatchRuleRequest(dispatch_rule=wanted)
    return _ask(lambda lk: lk.sip.create_dispatch_rule(rule)).sip_dispatch_rule_id


def replace(its_id: str, wanted: Trunk | Rule) -> None:
    """Put it in the place of the one with this id; only so every field can change."""
    if isinstance(wanted, Trunk):
        _ask(lambda lk: lk.sip.update_inbound_trunk(its_id, wanted))
    else:
        _ask(lambda lk: lk.sip.update_dispatch_rule(its_id, wanted))


def id_of(found: Trunk | Rule) -> str:
    """What LiveKit calls it."""
    if isinstance(found, Trunk):
        return found.sip_trunk_id
    return found.sip_dispatch_rule_id


def differences(found: Object, wanted: Object) -> list[str]:
    """The names of the fields that are not as they should be."""
    names = [f.name for f in wanted.DESCRIPTOR.fields if f.name not in GIVEN_BY_LIVEKIT]
    return [n for n in names if getattr(found, n) != getattr(wanted, n)]


def is_ours(found: Trunk | Rule) -> bool:
    """Whether this platform made it."""
    try:
        notes = json.loads(found.metadata)
    except ValueError:
        return False
    return isinstance(notes, dict) and MANAGED_BY.items() <= notes.items()


def takes_any_number(trunk: Trunk) -> bool:
    """Whether it stands where ours must: LiveKit has one such trunk at most."""
    return not (trunk.numbers or trunk.allowed_numbers)


def lets_anybody_in(trunk: Trunk) -> bool:
    """Whether calls come in without a password and from everywhere."""
    return not (trunk.auth_username or trunk.allowed_addresses)


def _ask(request: Callable[[api.LiveKitAPI], Awaitable[T]]) -> T:
    """Ask LiveKit; what it refuses is said in its own words."""
    try:
        return ask(request)
    except LiveKitUnreachable as error:
        cause = error.__cause__
        if isinstance(cause, api.TwirpError) and (words := _words(cause)):
            raise LiveKitUnreachable(words) from cause
        raise


def _words(error: api.TwirpError) -> str:
    if "sip not connected" in error.message:
        return NO_REDIS
    if error.code in ("unauthenticated", "permission_denied"):
        return ""
    return f"LiveKit refused it: {error.message}."
