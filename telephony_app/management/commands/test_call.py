"""`manage.py test_call`: call an agent from the shell, and read what happened."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telephony_app.calls.opening import CallRefused
from telephony_app.calls.trial_call import NoTrial, place, target_of
from telephony_app.calls.trial_caller import TrialCaller
from telephony_app.models import Call, State
from telephony_app.twilio.trial_webhooks import WebhookFailed

# https://en.wikipedia.org/wiki/555_(telephone_number): nobody has it.
CALLER = "+12025550123"
END_SECONDS = 15.0
LOOK_SECONDS = 0.2


class Command(BaseCommand):
    """A call like any other: it takes a place, and its row stays."""

    help = "Call an agent over SIP as Twilio would, and print what happens."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom to call, and what the caller does there."""
        parser.add_argument("target", help="a number (+1...), or an agent's name or id")
        parser.add_argument("--say", action="append", default=[], metavar="WORDS")
        parser.add_argument("--press", default="", metavar="KEYS", help="like 12#")
        parser.add_argument("--record", type=Path, metavar="FILE", help="a WAV file")
        parser.add_argument("--from", dest="caller", default=CALLER, metavar="NUMBER")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when no call came about."""
        self._began = time.monotonic()
        person = TrialCaller(tuple(options["say"]), options["press"], options["record"])
        try:
            target = target_of(options["target"])
            self._tell(f"{options['caller']} calls {target}.")
            call = place(
                target, caller=options["caller"], person=person, tell=self._tell
            )
        except (NoTrial, CallRefused, WebhookFailed) as error:
            raise CommandError(str(error)) from error
        if call is None:
            raise CommandError("No call came about.")
        self._report(call)

    def _tell(self, words: str) -> None:
        self.stdout.write(f"{time.monotonic() - self._began:6.2f} s  {words}")

    def _report(self, call: Call) -> None:
        deadline = time.monotonic() + END_SECONDS
        while call.state != State.ENDED and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            call.refresh_from_db()
        outcome = call.get_cause_display() or call.get_state_display()
        self.stdout.write(f"\nCall {call.pk}: {outcome}")
        for turn in call.turns.all():
            self.stdout.write(f"{turn.get_speaker_display():>8}: {turn.text.strip()}")
