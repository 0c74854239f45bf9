"""Settings of the test run: the real ones, from an environment that tests own."""

import atexit
import os
import shutil
import tempfile

from cryptography.fernet import Fernet

from tests.servers.ports import free_port, port_range

if "STATE_DIR" not in os.environ:
    os.environ["STATE_DIR"] = tempfile.mkdtemp(prefix="voice-tests-")
    atexit.register(shutil.rmtree, os.environ["STATE_DIR"], ignore_errors=True)
os.environ["ENV_FILE"] = os.devnull
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("FIELD_ENCRYPTION_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("LIVEKIT_API_KEY", "testkey")
os.environ.setdefault("LIVEKIT_API_SECRET", "only-for-tests-" + "y" * 40)
for _name in ("LIVEKIT_PORT", "SIP_PORT"):
    os.environ.setdefault(_name, str(free_port(neighbours=2)))
for _name in ("WEB_PORT", "SANDBOX_MODEL_PORT", "WORKER_PORT", "REDIS_PORT"):
    os.environ.setdefault(_name, str(free_port()))
# LiveKit takes telephone calls where it can have Redis.
os.environ.setdefault("PHONE", "true" if shutil.which("redis-server") else "false")
os.environ.setdefault("SIP_RTP_PORTS", port_range(200))
# Where the platform's processes look for the stand-ins of paid services.
for _name, _path in (("GOOGLE_CALENDAR_URL", "/calendar/v3"), ("TWILIO_API_URL", "")):
    os.environ.setdefault(_name, f"http://127.0.0.1:{free_port()}{_path}")

from config.settings import *  # noqa: E402, F403
from config.settings import STATIC_ROOT, STORAGES  # noqa: E402

STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
STATIC_ROOT.mkdir(exist_ok=True)
