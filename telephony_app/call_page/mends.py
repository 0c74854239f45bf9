"""What staff can do about a call that did not go well."""

from telephony_app.calls.places import NUMBER_FULL, ORGANIZATION_FULL
from telephony_app.models import Call, Cause

WORKERS = (
    "Start another voice worker, or give one more places "
    "(run_voice_worker --max-calls)."
)
MENDS = {
    Cause.AGENT_INACTIVE: "Switch the agent on and save it.",
    Cause.NO_AGENT: "Under Numbers, choose an agent for the number, and see that the "
    "number is switched on.",
    Cause.NO_PLACE: WORKERS,
    Cause.DECLINED: "Nothing, unless it was somebody you know: one telephone is put "
    "through 5 times in a minute and 20 times in an hour.",
    Cause.LIVEKIT_UNREACHABLE: "See that LiveKit runs, and check LIVEKIT_URL, "
    "LIVEKIT_API_KEY and LIVEKIT_API_SECRET.",
    Cause.BAD_CONFIG: "Open the agent, mend what its form complains of, and save it.",
    Cause.MODEL_UNAVAILABLE: "Check the model's key (GOOGLE_API_KEY) and the model "
    "that the agent names. Without a key, see that the sandbox model runs.",
    Cause.WORKER_LOST: "Look at the workers' logs of that minute: a worker crashed, "
    "was killed or ran out of memory.",
    Cause.PROVIDER_REFUSED: "Check the number (Numbers, Check now) and the account at "
    "Twilio: its trunk's login, its balance, the countries it may dial.",
    Cause.ERROR: "Look for this call's id in the logs of web and worker.",
    Cause.NOT_ANSWERED: "See under Workers whether a voice worker runs.",
}
LIMITS = {
    NUMBER_FULL: "Under Numbers, let the number take more calls at once.",
    ORGANIZATION_FULL: "Under Calling policies, let the organization have more calls "
    "at once.",
}
LOGIN = (
    "LiveKit's SIP bridge did not accept Twilio's login: run manage.py telephony_setup."
)
UNREACHED = (
    "Twilio did not get through to LiveKit's SIP bridge: check that it runs, that "
    "SIP_HOST is its public address, that the firewall lets Twilio in, and run "
    "manage.py telephony_setup."
)
# What the bridge says of a call whose agent did not come in time.
RANG_IN_VAIN, WRONG_LOGIN = 486, (401, 403, 407)


def mend(call: Call) -> str:
    """What to do, as far as the row tells; empty when nothing is wrong."""
    if call.cause == Cause.NO_PLACE and call.error in LIMITS:
        return LIMITS[call.error]
    if call.cause == Cause.NOT_ANSWERED and call.comes_in:
        return _way_in(call.sip_status)
    if call.cause == Cause.DECLINED and not call.comes_in:
        return ""
    return MENDS.get(Cause(call.cause), "") if call.cause else ""


def _way_in(sip_status: int | None) -> str:
    """What to do about a caller whom Twilio could not bring to the agent."""
    if sip_status in WRONG_LOGIN:
        return LOGIN
    reached = sip_status == RANG_IN_VAIN
    return MENDS[Cause.NOT_ANSWERED] if reached else UNREACHED
