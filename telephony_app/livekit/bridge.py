"""Making and mending what the SIP bridge needs: our trunk and our rule in LiveKit."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from sealed.keys import SealBroken
from telephony_app.findings import Finding, Severity, bad, changed, fine, warning
from telephony_app.livekit import sip_objects
from telephony_app.livekit.client import LiveKitUnreachable
from telephony_app.livekit.sip_objects import Rule, Trunk, id_of
from telephony_app.locks import alone
from telephony_app.models import SipBridge

Object = TypeVar("Object", Trunk, Rule)
Say = Callable[[str, str], Finding]

SETUP_LOCK = 0x62726467
NOT_SET_UP = "The way from Twilio to LiveKit is not set up."
IN_THE_WAY = (
    "LiveKit's trunk '{name}' ({id}) takes every number already, and there can be only "
    "one such trunk. It was not made here, so it was left alone."
)
OUT_OF_THE_WAY = (
    "Name the numbers that it is for (lk sip inbound update), or delete it "
    "(lk sip inbound delete {id}); then set up again."
)
LETS_ANYBODY_IN = (
    "LiveKit's trunk '{name}' ({id}) asks for no password and takes calls from any "
    "address: whoever finds it calls at your expense."
)
ANY_TRUNK = (
    "LiveKit's dispatch rule '{name}' ({id}) names no trunk, so it takes calls that no "
    "trunk asked for a password: whoever finds it calls at your expense."
)


def set_up(*, dry_run: bool = False, new_password: bool = False) -> list[Finding]:
    """Make what is missing and replace what differs; what others made stays.

    A dry run looks, and says what would be changed. Of a set-up that LiveKit did not
    let finish nothing is stored.
    """
    try:
        found, is_as_stored = _checked(new_password=new_password)
        if dry_run or is_as_stored:
            return found
        return _set_up(new_password=new_password)
    except LiveKitUnreachable as error:
        return [bad(NOT_SET_UP, error.details)]
    except SealBroken as error:
        return [bad(NOT_SET_UP, str(error))]


def _checked(*, new_password: bool) -> tuple[list[Finding], bool]:
    """What would be done, and whether nothing is to be. LiveKit may be slow, so nobody
    waits for a lock meanwhile."""
    bridge = SipBridge.seen()
    stored = bridge.trunk_id, bridge.rule_id
    if new_password:
        bridge.renew_password()
    found = list(_mended(bridge, dry_run=True))
    is_known = stored == (bridge.trunk_id, bridge.rule_id)
    return found, is_known and all(f.severity != Severity.CHANGED for f in found)


def _set_up(*, new_password: bool) -> list[Finding]:
    with alone(SETUP_LOCK):
        bridge = SipBridge.current()
        if new_password:
            bridge.renew_password()
        found = list(_mended(bridge, dry_run=False))
        bridge.save(update_fields=["secrets", "trunk_id", "rule_id", "updated_at"])
        return found


def _mended(bridge: SipBridge, *, dry_run: bool) -> Iterator[Finding]:
    trunks, rules = sip_objects.trunks(), sip_objects.rules()
    yield from _warnings(trunks, rules)
    mine = _mine(trunks, bridge.trunk_id)
    for other in trunks:
        if other != mine and sip_objects.takes_any_number(other):
            yield _said(bad, IN_THE_WAY, OUT_OF_THE_WAY, other)
            return
    password = bridge.secrets.reveal()["password"]
    trunk = sip_objects.wanted_trunk(bridge.username, password)
    bridge.trunk_id, said = _mend("trunk", mine, trunk, dry_run=dry_run)
    yield said
    rule = sip_objects.wanted_rule(bridge.trunk_id)
    its_own = _mine(rules, bridge.rule_id)
    bridge.rule_id, said = _mend("dispatch rule", its_own, rule, dry_run=dry_run)
    yield said


def _mine(found: list[Object], known_id: str) -> Object | None:
    """The one that was made here: by its id, else by what is noted in it, when the
    database is newer than LiveKit's memory."""
    ours = [each for each in found if sip_objects.is_ours(each)]
    known = [each for each in found if id_of(each) == known_id]
    return next(iter(known or ours), None)


def _mend(
    what: str, mine: Object | None, wanted: Object, *, dry_run: bool
) -> tuple[str, Finding]:
    """Its id, and what was done or would be."""
    would = "would be " if dry_run else "was "
    if mine is None:
        its_id = "" if dry_run else sip_objects.make(wanted)
        return its_id, changed(f"The {what} {would}made. {its_id}".strip())
    differing = sip_objects.differences(mine, wanted)
    if not differing:
        return id_of(mine), fine(f"The {what} is as it should be: {id_of(mine)}.")
    if not dry_run:
        sip_objects.replace(id_of(mine), wanted)
    names = ", ".join(differing)
    words = f"The {what} {id_of(mine)} {would}replaced: {names} differed."
    return id_of(mine), changed(words)


def _warnings(trunks: list[Trunk], rules: list[Rule]) -> Iterator[Finding]:
    """What others left open. Ours ask for a password, and are replaced if not."""
    for trunk in trunks:
        if sip_objects.lets_anybody_in(trunk) and not sip_objects.is_ours(trunk):
            mend = "Give it a password, or delete it: lk sip inbound delete {id}"
            yield _said(warning, LETS_ANYBODY_IN, mend, trunk)
    for rule in rules:
        if not rule.trunk_ids and not sip_objects.is_ours(rule):
            mend = "Bind it to a trunk, or delete it: lk sip dispatch delete {id}"
            yield _said(warning, ANY_TRUNK, mend, rule)


def _said(say: Say, words: str, mend: str, found: Trunk | Rule) -> Finding:
    about = {"name": found.name, "id": id_of(found)}
    return say(words.format(**about), mend.format(**about))
