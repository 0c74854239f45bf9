"""What was said in a call."""

from django.db import models

from telephony_app.models.call import Call


class Turn(models.Model):
    """What one side said once, written through while it is being said.

    Ordered by when the speech began, never by when the text arrived: a model commits
    a caller's words only after its own answer.
    """

    class Speaker(models.TextChoices):
        """Who spoke."""

        CALLER = "caller", "Caller"
        AGENT = "agent", "Agent"

    call = models.ForeignKey(Call, models.CASCADE, related_name="turns")
    item_id = models.CharField(max_length=80)
    speaker = models.CharField(max_length=8, choices=Speaker)
    text = models.TextField()
    is_final = models.BooleanField(default=False)
    is_typed = models.BooleanField(default=False)
    was_interrupted = models.BooleanField(default=False)
    spoken_from = models.DateTimeField()
    spoken_to = models.DateTimeField(null=True)
    latency_ms = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["spoken_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "item_id"], name="turn_item_unique_per_call"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_speaker_display()}: {self.text[:60]}"
