"""An organization's account with Twilio."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from accounts.models import Organization, OwnedQuerySet
from sealed.fields import SealedField
from telephony_app.models.checked import Checked

ACCOUNT_SID = RegexValidator(
    r"^AC[0-9a-f]{32}$",
    "An Account SID is AC and 32 digits or letters a to f. The Twilio console shows "
    "it on its first page.",
)


class TwilioAccountQuerySet(OwnedQuerySet["TwilioAccount"]):
    """Accounts, by organization."""

    def of(self, organization_id: int) -> "TwilioAccount | None":
        """The organization's account, if there is one."""
        theirs = self.filter(organization=organization_id)
        return theirs.select_related("organization").first()

    def with_trunk(self) -> Self:
        """Those that have a line for calls out."""
        return self.exclude(termination_host="")


class TwilioAccount(Checked):
    """The account whose numbers ring here and whose lines carry calls out.

    `secrets` holds `auth_token`; while a token is being rotated also
    `next_auth_token`, which webhooks may be signed with as well; and, once calling out
    was set up, `sip_password`, the password of the trunk's user `sip_username`.

    Calls go out over the SIP address `termination_host`: Twilio's Elastic SIP Trunk
    (https://www.twilio.com/docs/sip-trunking), or any provider's.

    Recordings are deleted at Twilio once they are stored here, unless it
    `keeps_recordings`. Callers are put through by new TwiML for their call, or by SIP's
    REFER (RFC 3515) where `transfers_by_refer`.
    """

    organization = models.OneToOneField(
        Organization, models.CASCADE, related_name="twilio_account"
    )
    account_sid = models.CharField(
        "Account SID", max_length=34, unique=True, validators=[ACCOUNT_SID]
    )
    secrets = SealedField(blank=True)
    trunk_sid = models.CharField(max_length=34, blank=True, editable=False)
    termination_host = models.CharField(max_length=255, blank=True)
    sip_username = models.CharField(max_length=64, blank=True)
    keeps_recordings = models.BooleanField("Recordings stay at Twilio", default=False)
    transfers_by_refer = models.BooleanField("Transfer by SIP REFER", default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TwilioAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "Twilio account"

    def __str__(self) -> str:
        return f"Twilio account of {self.organization}"
