"""`manage.py telephony_setup`: make or mend the way from Twilio to the agents."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telephony_app.findings import Finding, Severity, worst
from telephony_app.livekit import bridge
from telephony_app.numbers import connecting


class Command(BaseCommand):
    """Safe at any time, and while another one runs: it changes what differs alone."""

    help = (
        "Make or mend LiveKit's trunk and dispatch rule, what Twilio's numbers ask, "
        "and the lines by which calls go out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """A look without hands, another password, numbers that others answer."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, no more"
        )
        parser.add_argument(
            "--rotate-password",
            action="store_true",
            help="give the trunk a new password; Twilio is told it with the next call",
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="take over numbers whose calls go somewhere else now",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was found and done. Raises CommandError when no call can come."""
        dry_run, take_over = options["dry_run"], options["force"]
        rotate = options["rotate_password"]
        found = bridge.set_up(dry_run=dry_run, new_password=rotate)
        found += connecting.set_up_accounts(dry_run=dry_run, take_over=take_over)
        for finding in found:
            self._say(finding)
        if worst(found) is Severity.BAD:
            raise CommandError("Not every telephone call can reach its agent yet.")

    def _say(self, finding: Finding) -> None:
        is_news = finding.severity in (Severity.WARNING, Severity.BAD)
        stream = self.stderr if is_news else self.stdout
        label = f"{finding.severity.label.upper()}: " if is_news else ""
        mend = f"\n  {finding.mend}" if finding.mend else ""
        stream.write(f"{label}{finding.words}{mend}")
