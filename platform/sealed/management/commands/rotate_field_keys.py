"""`manage.py rotate_field_keys`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sealed.keys import SealBroken
from sealed.rows import Column, is_stale, sealed_columns

BAR = 30


class Command(BaseCommand):
    """Put every sealed secret under the newest key."""

    help = (
        "Put every sealed secret under the first of FIELD_ENCRYPTION_KEYS. Can be "
        "stopped and run again, and runs beside live traffic. Afterwards the older "
        "keys can be dropped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Batch size, and a run that only counts."""
        parser.add_argument("--batch", type=int, default=200, metavar="ROWS")
        parser.add_argument(
            "--dry-run", action="store_true", help="count, and change nothing"
        )

    def handle(self, *, batch: int, dry_run: bool, **_: Any) -> None:
        """Rotate column by column; ends with an error when a row cannot be opened."""
        if batch < 1:
            raise CommandError("--batch takes a number of rows: 1 or more.")
        columns = list(sealed_columns())
        broken = sum(self._rotate(c, size=batch, dry_run=dry_run) for c in columns)
        if broken:
            raise CommandError(
                f"{broken} cannot be opened with any key. Put the key that is missing "
                "into FIELD_ENCRYPTION_KEYS and run this again, or set those anew."
            )

    def _rotate(self, column: Column, *, size: int, dry_run: bool) -> int:
        total, seen, renewed, broken = column.count(), 0, 0, 0
        for rows in column.batches(size):
            for pk, sealed in rows:
                try:
                    stale = is_stale(sealed)
                    renewed += stale if dry_run else column.rotate(pk, sealed)
                except SealBroken:
                    broken += 1
                    self.stderr.write(f"{column}: row {pk} cannot be opened.")
            seen += len(rows)
            self._show(column, seen, total)
        verb = "would be put" if dry_run else "put"
        self.stdout.write(f"{column}: {renewed} of {seen} {verb} under the newest key.")
        return broken

    def _show(self, column: Column, seen: int, total: int) -> None:
        """A bar on a terminal; elsewhere the closing line is enough."""
        if self.stdout.isatty():
            done = BAR * seen // max(total, seen)
            bar = "█" * done + "·" * (BAR - done)
            self.stdout.write(f"\r{bar} {seen}/{total} {column}", ending="")
            if seen >= total:
                self.stdout.write("")
