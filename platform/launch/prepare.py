"""What must be there before anything runs: tables, static files, a demo, a certificate.

Run as `python -m launch.prepare`, so that the runner itself stays free of Django.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command

from livekit_worker.sandbox.certificate import make_tls

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed_demo")
    if settings.SANDBOX_MODEL:
        # Made before the voice worker looks for it: both start at once.
        make_tls(settings.SANDBOX_STATE_DIR, host="127.0.0.1")
