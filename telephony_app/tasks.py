"""What Celery does for calls: repair what nobody reported, keep recordings in order,
look after numbers and the way to them.

Tasks are told ids alone, never a secret, and a row that is gone is no mistake.
"""

import logging

from celery import Task, shared_task

from telephony_app import doctor
from telephony_app.calls.reconciler import reconcile
from telephony_app.findings import Severity
from telephony_app.livekit import bridge
from telephony_app.models import PhoneNumber, SipBridge, TwilioAccount
from telephony_app.numbers import connecting
from telephony_app.recordings import keeping as recordings
from telephony_app.recordings import retention
from telephony_app.recordings.unreported import note_unreported
from telephony_app.twilio.rest import TwilioRefused

logger = logging.getLogger(__name__)
RETRY_SECONDS = 20


@shared_task
def reconcile_calls() -> None:
    """Compare calls with LiveKit's rooms; beat sends it every 30 s."""
    reconcile()


@shared_task(bind=True, max_retries=5)
def fetch_recording(self: "Task[..., None]", recording_id: int) -> None:
    """Store what Twilio recorded; tried again for about ten minutes."""
    try:
        recordings.fetch(recording_id)
    except (TwilioRefused, OSError) as error:
        if self.request.retries == self.max_retries:
            recordings.give_up(recording_id, str(error))
        countdown = RETRY_SECONDS * 2**self.request.retries
        raise self.retry(exc=error, countdown=countdown) from None


@shared_task
def fetch_lost_recordings() -> None:
    """Send again what was lost on the way; beat sends it every ten minutes."""
    for recording_id in recordings.lost():
        fetch_recording.delay(recording_id)


@shared_task
def fetch_unreported_recordings() -> None:
    """Fetch what Twilio could not tell us of; beat sends it every hour."""
    for recording_id in note_unreported():
        fetch_recording.delay(recording_id)


@shared_task
def delete_old_recordings() -> None:
    """Delete what was kept long enough, and files of no recording; sent every night."""
    retention.drop_outdated()
    retention.sweep()


@shared_task
def check_number(number_id: int) -> None:
    """Send the doctor to a number."""
    for number in PhoneNumber.objects.filter(pk=number_id):
        doctor.visit(number)


@shared_task
def mend_number(number_id: int, take_over: bool = False) -> None:
    """Point a number here, also one that others answer if `take_over`; then check."""
    for number in PhoneNumber.objects.filter(pk=number_id):
        connecting.mend(number, take_over=take_over)
        doctor.visit(number)


@shared_task
def forget_number(account_id: int, number: str) -> None:
    """Have a number that was deleted here ask us no more."""
    for account in TwilioAccount.objects.filter(pk=account_id):
        connecting.let_go(account, number)


@shared_task
def check_numbers() -> None:
    """Send the doctor to every number that is in use; beat sends it every night."""
    rung = PhoneNumber.objects.active().order_by("organization").distinct()
    for organization_id in rung.values_list("organization", flat=True):
        check_numbers_of.delay(organization_id)


@shared_task
def check_numbers_of(organization_id: int) -> None:
    """Send the doctor to every number of an organization that is in use."""
    doctor.visit_all(PhoneNumber.objects.active().filter(organization=organization_id))


@shared_task
def mend_bridge() -> None:
    """Put back what LiveKit lost of a bridge that was set up; sent every minute.

    Trunks and rules live in LiveKit's Redis alone.
    """
    if SipBridge.objects.exclude(trunk_id=""):
        for found in bridge.set_up():
            if found.severity is Severity.CHANGED:
                logger.warning("The SIP bridge was mended. %s", found.words)


@shared_task
def set_up_bridge() -> None:
    """Make or mend the bridge, and note what was found, for staff who wait for it."""
    SipBridge.current().note(bridge.set_up())


@shared_task
def check_account(account_id: int) -> None:
    """See whether an account opens, and note what was found."""
    for account in TwilioAccount.objects.filter(pk=account_id):
        account.note(list(doctor.check_account(account)))


@shared_task
def set_up_line(account_id: int) -> None:
    """Make or mend the line by which an account's calls go out, and note it."""
    for account in TwilioAccount.objects.filter(pk=account_id):
        account.note([connecting.set_up_line(account)])
