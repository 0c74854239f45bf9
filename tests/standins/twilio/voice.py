"""The telephone side of the stand-in: calls that come in to the account's numbers, and
what the REST API does to them.

    with twilio.dial("+15550001111", NUMBER) as line:
        line.is_answered()
        line.says("What are your opening hours?")
        line.hears_voice()

https://www.twilio.com/docs/voice/api/call-resource
"""

import asyncio
from collections.abc import Iterable

from werkzeug import Request, Response

from tests.loop_thread import LoopThread
from tests.standins.serving import Endpoint, as_json
from tests.standins.twilio.call import TwilioCall
from tests.standins.twilio.errors import ACCOUNT, ACCOUNT_SID, AUTH_TOKEN, refused
from tests.standins.twilio.line import Line
from tests.standins.twilio.numbers import TwilioNumbers
from tests.standins.twilio.recordings import TwilioRecordings
from tests.standins.twilio.webhooks import Webhooks


class TwilioVoice(TwilioNumbers, TwilioRecordings):
    """Every call of the account. They live on one event loop, in a thread of its own.

    `people` are telephones beyond the account's numbers, by number: a SIP address each.
    Whom nobody knows does not pick up. `transfers_end` is what a bridge that sent a
    REFER is told in the end, if it is told.
    """

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self._loop = LoopThread()
        self.webhooks = Webhooks(ACCOUNT_SID, AUTH_TOKEN)
        self.people: dict[str, str] = {}
        self.transfers_end = "200 OK"
        self.calls: dict[str, TwilioCall] = {}

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """Calls that are going on."""
        change = ("POST", f"{ACCOUNT}/Calls/<call_sid>.json", self._change_call)
        return [*super().routes(), change]

    def __exit__(self, *exception: object) -> None:
        self._loop.run(self._end_all())
        self._loop.stop()
        super().__exit__(*exception)

    def dial(self, caller: str, number: str) -> Line:
        """Somebody who dials the number, once the line is entered."""
        call = TwilioCall(self, caller, number)
        self.calls[call.sid] = call
        return Line(call, self._loop.run)

    async def _end_all(self) -> None:
        for call in self.calls.values():
            call.end()
            await call.over()
            for leaving in call.leaving:
                leaving.cancel()
            await asyncio.gather(*call.leaving, return_exceptions=True)

    def _change_call(self, request: Request, sid: str, call_sid: str) -> Response:
        self.check(request, sid)
        call = self.calls.get(call_sid)
        if call is None or call.is_over:
            raise refused(21220, "Call is not in-progress. Cannot redirect.")
        if document := request.form.get("Twiml"):
            self._loop.call_soon(call.redirect, document)
        elif status := request.form.get("Status"):
            self._loop.call_soon(call.end, status)
        return as_json({"sid": call_sid, "account_sid": sid, "status": call.status})
