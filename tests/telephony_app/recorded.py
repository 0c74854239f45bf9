"""What tests of recordings share: an account, recordings of a call, some sound."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.models import Organization
from telephony_app.models import Call, Recording, TwilioAccount
from tests.standins.twilio.rest import ACCOUNT_SID, AUTH_TOKEN

SID = "RE" + "1a" * 16
SOUND = bytes(range(256)) * 40


@pytest.fixture
def account(acme: Organization) -> TwilioAccount:
    """Acme's account with Twilio."""
    secrets = {"auth_token": AUTH_TOKEN}
    return TwilioAccount.objects.create(
        organization=acme, account_sid=ACCOUNT_SID, secrets=secrets
    )


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    """A storage of the test's own."""
    settings.MEDIA_ROOT = tmp_path
    options = {"location": tmp_path}
    default = settings.STORAGES["default"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


def stored_files(files: Path) -> list[str]:
    """The names of all files."""
    return sorted(path.name for path in files.rglob("*") if path.is_file())


def recording_of(call: Call, *, sound: bytes = SOUND, **fields: Any) -> Recording:
    """A recording that is stored; without sound one that is not."""
    source = Recording.Source.TWILIO
    values = {"source": source, "key": f"RE{Recording.objects.count()}", "seconds": 5}
    recording = Recording(call=call, **values | fields)
    if sound:
        recording.file.save(f"{recording.key}.mp3", ContentFile(sound), save=False)
    recording.save()
    return recording
