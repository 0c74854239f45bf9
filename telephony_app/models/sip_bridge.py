"""The way from Twilio's SIP into LiveKit: one trunk, one dispatch rule."""

import secrets
from typing import Self

from django.db import models

from sealed.fields import SealedField
from telephony_app.models.checked import Checked


class SipBridge(Checked):
    """What `telephony_setup` made in LiveKit, and the login that Twilio uses there.

    There is one row. `secrets` holds `password`, the digest password of the inbound
    trunk's user `username` (RFC 3261, 22).
    """

    username = models.CharField(max_length=64)
    secrets = SealedField(blank=True)
    trunk_id = models.CharField(max_length=40, blank=True)
    rule_id = models.CharField(max_length=40, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "SIP bridge"

    def __str__(self) -> str:
        return f"SIP bridge {self.trunk_id}"

    @classmethod
    def current(cls) -> Self:
        """The one row; the first time it gets a login of its own."""
        login = {
            "username": f"voice-{secrets.token_hex(4)}",
            "secrets": {"password": secrets.token_urlsafe(24)},
        }
        return cls.objects.get_or_create(pk=1, defaults=login)[0]
