"""`manage.py seed_demo`: what a first call needs: a login, an agent, its voice."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.models import User
from agents_app import speech
from agents_app.demo import make_demo


class Command(BaseCommand):
    """Safe to run on every start: it makes what is missing and changes nothing."""

    help = "Make the demo organization, its agent and the admin login, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Never fails for want of audio: calls then greet through the model."""
        make_demo()
        make_admin(settings.STATE_DIR / "admin-password")
        try:
            for config in speech.usable_configs():
                speech.make_lines(config)
        except Exception as error:  # noqa: BLE001  each voice engine has its own
            self.stderr.write(
                f"Not all ready-made audio is there ({type(error).__name__}); "
                "a task tries again every 5 minutes."
            )


def make_admin(password_file: Path) -> None:
    """Make the superuser `admin`; its password is in a file that only we can read.

    The file goes once the password in it was changed.
    """
    admin = User.objects.filter(username="admin").first()
    if admin is None:
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser("admin", "", password)
        _write_private(password_file, password)
    elif password_file.exists() and not admin.check_password(
        password_file.read_text().strip()
    ):
        password_file.unlink()


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
        new.write(text + "\n")
