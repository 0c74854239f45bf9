"""A newcomer's first call, from outside: knows only the READY line of `./start.sh`.

    ./start.sh | tee start.log          in one terminal
    python -m tests.journeys.first_call "$(grep ^READY start.log)"

Signs in, talks with the first agent by text and by voice, kills the process that holds
the call, hears the agent again, hangs up, and reads the call in API and admin.
"""

import os
import re
import signal
import sys
import time
from dataclasses import dataclass
from typing import Any, Self

import requests

from tests.journeys.caller import Caller

TIMEOUT_SECONDS = 20
QUESTION = "What are your opening hours?"
SPOKEN = "what can you do"


@dataclass(frozen=True)
class Ready:
    """What the READY line says."""

    url: str
    user: str
    password: str

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read `READY url=... user=... password=...`."""
        found = dict(re.findall(r"(\w+)=(\S+)", line))
        return cls(found["url"], found["user"], found["password"])


class Visitor:
    """A signed-in person, by HTTP alone."""

    def __init__(self, ready: Ready) -> None:
        self._url = ready.url
        self._http = requests.Session()
        self._sign_in(ready)

    def _sign_in(self, ready: Ready) -> None:
        page = f"{self._url}/admin/login/"
        self._http.get(page, timeout=TIMEOUT_SECONDS).raise_for_status()
        form = {"username": ready.user, "password": ready.password, "next": "/admin/"}
        answer = self._http.post(
            page, data=form, headers=self._csrf(), timeout=TIMEOUT_SECONDS
        )
        assert answer.url == f"{self._url}/admin/", "The login was refused."

    def _csrf(self) -> dict[str, str]:
        token = self._http.cookies["csrftoken"]
        return {"X-CSRFToken": token, "Referer": self._url}

    def get(self, path: str) -> requests.Response:
        """A page or an API answer."""
        answer = self._http.get(f"{self._url}{path}", timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        return answer

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """An API request with a body."""
        answer = self._http.post(
            f"{self._url}{path}",
            json=body,
            headers=self._csrf(),
            timeout=TIMEOUT_SECONDS,
        )
        assert answer.ok, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def call_page(self, call_id: str) -> str:
        """The call's page in the admin."""
        return self.get(f"/admin/telephony_app/call/{call_id}/change/").text

    def ended_call(self, call_id: str) -> dict[str, Any]:
        """The call by the API, once it has ended."""
        for _ in range(100):
            call: dict[str, Any] = self.get(f"/api/v1/calls/{call_id}").json()
            if call["state"] == "ended":
                return call
            time.sleep(0.2)
        raise AssertionError("The call did not end.")


def talk(visitor: Visitor, session: dict[str, Any]) -> None:
    """Hold the conversation, with a death in its middle."""
    with Caller(session) as caller:
        heard_at = caller.hears_voice()
        say(f"greeted {heard_at - caller.joined_at:.2f} s after joining")
        caller.hears("How can I help you")
        caller.types(QUESTION)
        say("typed; the answer: " + caller.hears("Monday to Friday")[-60:])
        caller.hears_silence()
        caller.says(SPOKEN)
        caller.hears("sandbox model")
        say("spoke, and was answered")
        caller.hears_silence()
        killed_at = time.monotonic()
        os.kill(job_process(visitor.call_page(session["call_id"])), signal.SIGKILL)
        heard_at = caller.hears_voice(since=killed_at)
        say(f"killed the job; heard the agent {heard_at - killed_at:.2f} s later")
        caller.hears("we were cut off")
        caller.hears_silence()


def job_process(page: str) -> int:
    """The process that holds the call, as its page tells."""
    return int(re.findall(r"process (\d+)", page)[-1])


def check(visitor: Visitor, call_id: str) -> None:
    """The call is there, whole and in order, in API and admin."""
    call = visitor.ended_call(call_id)
    turns = [(turn["speaker"], turn["text"].strip()) for turn in call["turns"]]
    speakers = [speaker for speaker, _ in turns]
    assert speakers == ["agent", "caller", "agent", "caller", "agent", "agent"], turns
    assert (turns[1][1], turns[3][1].lower()) == (QUESTION, SPOKEN), turns
    page = visitor.call_page(call_id)
    for _, text in turns:
        assert text.split(".")[0][:30] in page, text
    say(f"read {len(turns)} turns in order; cause: {call['cause']}")


def say(words: str) -> None:
    """Tell how far it got."""
    sys.stdout.write(f"  {words}\n")
    sys.stdout.flush()


def main(line: str) -> None:
    """Walk the whole way; raises AssertionError where it breaks."""
    visitor = Visitor(Ready.parse(line))
    agents = visitor.get("/api/v1/agents").json()["results"]
    say(f"signed in; calling {agents[0]['name']}")
    session = visitor.post("/api/v1/voice/session", {"agent_id": agents[0]["id"]})
    talk(visitor, session)
    check(visitor, session["call_id"])


if __name__ == "__main__":
    main(sys.argv[1])
