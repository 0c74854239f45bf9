"""`manage.py telephony_setup`: make or mend the way from Twilio to the agents."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from telephony_app import bridge
from telephony_app.findings import Finding, Severity, worst


class Command(BaseCommand):
    """Safe at any time, and while another one runs: it changes what differs alone."""

    help = "Make or mend LiveKit's trunk and dispatch rule for Twilio's calls."

    def add_arguments(self, parser: CommandParser) -> None:
        """A look without hands, and another password."""
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, no more"
        )
        parser.add_argument(
            "--rotate-password",
            action="store_true",
            help="give the trunk a new password; Twilio is told it with the next call",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was found and done. Raises CommandError when no call can come."""
        found = bridge.set_up(
            dry_run=options["dry_run"], new_password=options["rotate_password"]
        )
        for finding in found:
            self._say(finding)
        if worst(found) is Severity.BAD:
            raise CommandError("Telephone calls cannot reach the agents yet.")

    def _say(self, finding: Finding) -> None:
        is_news = finding.severity in (Severity.WARNING, Severity.BAD)
        stream = self.stderr if is_news else self.stdout
        label = f"{finding.severity.label.upper()}: " if is_news else ""
        mend = f"\n  {finding.mend}" if finding.mend else ""
        stream.write(f"{label}{finding.words}{mend}")
