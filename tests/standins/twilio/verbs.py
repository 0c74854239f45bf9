"""TwiML, verb by verb. https://www.twilio.com/docs/voice/twiml"""

import asyncio
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from tests.standins.twilio.dial import dial

if TYPE_CHECKING:
    from tests.standins.twilio.call import TwilioCall


class Over(Exception):
    """The document ended the call."""


async def follow(call: "TwilioCall", document: str) -> str | None:
    """Do what the document says; the next document, if a verb led to one. A document
    that ends ends the call."""
    response = ElementTree.fromstring(document)  # noqa: S314  our own answer
    assert response.tag == "Response", document
    for verb in response:
        following = await VERBS[verb.tag](call, verb)
        if following is not None:
            return following
    return None


async def _say(call: "TwilioCall", verb: ElementTree.Element) -> None:
    call.answer()
    call.told.append({"text": verb.text or "", **verb.attrib})


async def _play(call: "TwilioCall", verb: ElementTree.Element) -> None:
    call.answer()
    call.told.append({"text": "", "url": verb.text or "", **verb.attrib})


async def _pause(call: "TwilioCall", verb: ElementTree.Element) -> None:
    call.answer()
    await asyncio.sleep(float(verb.get("length", 1)))


async def _hang_up(call: "TwilioCall", verb: ElementTree.Element) -> None:
    raise Over


async def _reject(call: "TwilioCall", verb: ElementTree.Element) -> None:
    call.status = "busy" if verb.get("reason") == "busy" else "failed"
    raise Over


async def _redirect(call: "TwilioCall", verb: ElementTree.Element) -> str:
    return await call.ask(verb.text or "")


VERBS = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Hangup": _hang_up,
    "Reject": _reject,
    "Redirect": _redirect,
    "Dial": dial,
}
