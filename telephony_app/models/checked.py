"""Rows that a task looks at: what it found stays in the row."""

from collections.abc import Sequence

from django.db import models
from django.utils import timezone

from telephony_app.findings import Finding


class Checked(models.Model):
    """`findings` is what was found at `checked_at`, as `Finding` writes it."""

    findings = models.JSONField(default=list, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def note(self, found: Sequence[Finding]) -> None:
        """Write down what was found, unless the row was deleted meanwhile."""
        self.findings = [finding.model_dump(mode="json") for finding in found]
        self.checked_at = timezone.now()
        self._write("findings", "checked_at")

    def _write(self, *names: str) -> None:
        values = {name: getattr(self, name) for name in names}
        type(self)._base_manager.filter(pk=self.pk).update(**values)

    @property
    def found(self) -> list[Finding]:
        """What was found, worst first."""
        read = [Finding.model_validate(each) for each in self.findings]
        return sorted(read, key=lambda finding: -finding.severity.rank)
