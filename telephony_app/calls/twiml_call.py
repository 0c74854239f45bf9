"""A caller's telephone and Twilio in one: does what TwiML says, over a real SIP call.

For calls on a machine that Twilio does not reach. Followed is what we answer with: Say,
Dial and Hangup; other verbs are named and left out.
https://www.twilio.com/docs/voice/twiml
"""

from collections.abc import Awaitable, Callable, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from telephony_app.sip.call import NotAnswered, SipCall

Ask = Callable[[str, Mapping[str, str]], Awaitable[str]]
Talk = Callable[[SipCall], Awaitable[None]]
Tell = Callable[[str], None]

RING_SECONDS = 30.0
BUSY, UNANSWERED = (486, 600, 603), (0, 408, 480, 487)


class TwimlCall:
    """`ask` sends a webhook and gives the answer, `talk` is what the caller does once
    somebody picked up, `tell` hears what happens, a sentence each."""

    def __init__(self, caller: str, *, ask: Ask, talk: Talk, tell: Tell) -> None:
        self.caller = caller
        self._ask, self._talk, self._tell = ask, talk, tell
        self._has_hung_up = False

    async def follow(self, document: str) -> None:
        """Do what the document says, and what later ones say, until the call's end.

        Raises `xml.etree.ElementTree.ParseError` for what is no TwiML.
        """
        following: str | None = document
        while following is not None:
            following = await self._do(ElementTree.fromstring(following))  # noqa: S314  our own answer

    async def _do(self, response: Element) -> str | None:
        """The next document, when a verb led to one."""
        for verb in response:
            match verb.tag:
                case "Dial":
                    following = await self._dial(verb)
                    if following is not None or self._has_hung_up:
                        return following
                case "Hangup":
                    self._tell("Twilio hangs up.")
                    return None
                case "Say":
                    self._tell(f'Twilio says: "{verb.text}"')
                case _:
                    self._tell(f"Twilio would do {verb.tag} now; that is left out.")
        return None

    async def _dial(self, verb: Element) -> str | None:
        """Call whom the verb names, and tell its action how that went."""
        whom = verb[0]
        if whom.tag == "Sip":
            status = await self._call(whom, float(verb.get("timeout", RING_SECONDS)))
        else:
            self._tell(f"Twilio would ring {whom.text} now; nobody picks up here.")
            status = "no-answer"
        action = verb.get("action")
        if not action:
            return None
        answer = await self._ask(action, {"DialCallStatus": status})
        return None if self._has_hung_up else answer

    async def _call(self, whom: Element, ring_seconds: float) -> str:
        """How the call ended, in Twilio's words."""
        address = whom.text or ""
        self._tell(f"Twilio calls {address.partition('?')[0]}")
        user, password = whom.get("username", ""), whom.get("password", "")
        placed = SipCall(address, user=user, password=password, caller=self.caller)
        try:
            async with placed as call:
                await self._be_answered(call, ring_seconds)
                await self._talk(call)
                self._has_hung_up = call.ended_at is None
        except NotAnswered as refused:
            self._tell(str(refused))
            return _status(refused.status)
        except (TimeoutError, OSError) as error:
            self._tell(f"Nobody was reached: {error or 'it rang too long'}")
            return "no-answer"
        return "completed"

    async def _be_answered(self, call: SipCall, seconds: float) -> None:
        await call.rings(seconds=seconds)
        self._tell(f"It rings, after {call.ringing_at:.0f} ms.")
        await call.answered(seconds=seconds)
        self._tell(f"Answered, after {call.answered_at:.0f} ms.")


def _status(sip_status: int) -> str:
    if sip_status in BUSY:
        return "busy"
    return "no-answer" if sip_status in UNANSWERED else "failed"
