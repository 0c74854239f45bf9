"""TwiML is followed as Twilio does."""

import asyncio
from collections.abc import Mapping

import pytest

from telephony_app.calls.twiml_call import TwimlCall
from telephony_app.sip import Manner, SipCall, SipPhone

GOODBYE = "<Response><Say>Goodbye.</Say></Response>"
NOTHING = "<Response/>"


class Caller:
    """Whoever calls: hangs up once somebody picked up, or lets the other side do it."""

    def __init__(self, *answers: str, stays: bool = False) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.told: list[str] = []
        self._answers = list(answers)
        self._stays = stays

    async def follow(self, document: str) -> str:
        """Do what it says; all that happened."""
        call = TwimlCall("+1555", ask=self._ask, talk=self._talk, tell=self.told.append)
        await call.follow(document)
        return "\n".join(self.told)

    async def _ask(self, url: str, form: Mapping[str, str]) -> str:
        self.asked.append((url, dict(form)))
        return self._answers.pop(0)

    async def _talk(self, call: SipCall) -> None:
        self.told.append("They talk.")
        if self._stays:
            await call.ended()


def dial(whom: str, **how: str) -> str:
    """A document that dials."""
    told = "".join(f' {name}="{value}"' for name, value in how.items())
    return f"<Response><Dial{told}>{whom}</Dial><Say>Still here.</Say></Response>"


async def test_words_are_told_and_the_end_is_the_end() -> None:
    words = await Caller().follow(
        "<Response><Say>Closed.</Say><Hangup/><Say>Never.</Say></Response>"
    )
    assert 'Twilio says: "Closed."' in words
    assert "Never" not in words


async def test_caller_who_hangs_up_hears_no_more_but_the_action_is_told() -> None:
    caller = Caller(GOODBYE)
    async with SipPhone() as phone:
        words = await caller.follow(dial(f"<Sip>{phone.uri()}</Sip>", action="/done"))
    assert "They talk." in words
    assert caller.asked == [("/done", {"DialCallStatus": "completed"})]
    assert "Goodbye" not in words
    assert "Still here" not in words


async def test_after_the_other_side_hung_up_the_actions_answer_is_followed() -> None:
    caller = Caller(GOODBYE, stays=True)
    async with SipPhone() as phone:
        document = dial(f"<Sip>{phone.uri()}</Sip>", action="/done")
        following = asyncio.create_task(caller.follow(document))
        call = await phone.called()
        while call.answered_at is None:
            await asyncio.sleep(0.01)
        await call.hang_up()
        assert "Goodbye" in await following


@pytest.mark.parametrize(
    ("status", "told"),
    [(486, "busy"), (603, "busy"), (480, "no-answer"), (404, "failed")],
)
async def test_refusal_is_told_in_twilios_words(status: int, told: str) -> None:
    caller = Caller(GOODBYE)
    async with SipPhone(Manner(status=status)) as phone:
        words = await caller.follow(dial(f"<Sip>{phone.uri()}</Sip>", action="/done"))
    assert caller.asked == [("/done", {"DialCallStatus": told})]
    assert "Goodbye" in words


async def test_line_that_rings_too_long_was_not_answered() -> None:
    caller = Caller(NOTHING)
    async with SipPhone(Manner(status=None)) as phone:
        whom = f"<Sip>{phone.uri()}</Sip>"
        await caller.follow(dial(whom, action="/done", timeout="0.3"))
    assert caller.asked == [("/done", {"DialCallStatus": "no-answer"})]


async def test_without_an_action_the_document_goes_on() -> None:
    async with SipPhone(Manner(status=486)) as phone:
        words = await Caller().follow(dial(f"<Sip>{phone.uri()}</Sip>"))
    assert "Still here" in words


async def test_telephone_numbers_are_not_called() -> None:
    caller = Caller(NOTHING)
    number = dial("<Number>+15550003333</Number>", action="/done")
    assert "would ring +15550003333" in await caller.follow(number)
    assert caller.asked == [("/done", {"DialCallStatus": "no-answer"})]


async def test_password_of_the_address_is_used() -> None:
    manner = Manner(user="lk", password="secret")
    async with SipPhone(manner) as phone:
        login = 'username="lk" password="secret"'
        words = await Caller().follow(dial(f"<Sip {login}>{phone.uri()}</Sip>"))
    assert "They talk." in words
    assert "secret" not in words


async def test_other_verbs_are_named_and_left_out() -> None:
    words = await Caller().follow("<Response><Play>/a.wav</Play><Hangup/></Response>")
    assert "Twilio would do Play now" in words
    assert "Twilio hangs up." in words
