"""The way from Twilio's SIP into LiveKit: one trunk, one dispatch rule."""

import secrets
from typing import Any, Self

from django.db import models
from django.views.decorators.debug import sensitive_variables

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
        return cls.objects.get_or_create(pk=1, defaults=_new_login())[0]

    @classmethod
    def seen(cls) -> Self:
        """The one row as it stands, or as it would be made; nothing is stored."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, **_new_login())

    @sensitive_variables()
    def renew_password(self) -> None:
        """Another password, which is not stored yet."""
        self.secrets = {"password": secrets.token_urlsafe(24)}  # type: ignore[assignment]


@sensitive_variables()
def _new_login() -> dict[str, Any]:
    return {
        "username": f"voice-{secrets.token_hex(4)}",
        "secrets": {"password": secrets.token_urlsafe(24)},
    }
