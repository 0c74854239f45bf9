"""Django settings, made from the environment (`env.py` says what it takes)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.urls import reverse_lazy

from config import logs
from config.admin_theme import UNFOLD as UNFOLD
from config.env import BASE_DIR, read_environment

env = read_environment()
STATE_DIR = env.state_dir
STATE_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = env.secret_key.get_secret_value()
FIELD_ENCRYPTION_KEYS = [key.get_secret_value() for key in env.field_encryption_keys]
DEBUG = env.debug
DEFAULT_EXCEPTION_REPORTER_FILTER = "sealed.error_pages.SecretsHidden"
PUBLIC_BASE_URL = env.public_base_url
ALLOWED_HOSTS = [*env.allowed_hosts, urlsplit(PUBLIC_BASE_URL).hostname]
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
USES_HTTPS = PUBLIC_BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    # Without autodiscovery: only the web process, by its URLs, loads admin pages.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "rest_framework",
    "django_celery_beat",
    "sealed",
    "accounts",
    "agents_app",
    "telephony_app",
    "tools_app",
    "livekit_worker",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def _sqlite() -> dict[str, Any]:
    """SQLite that several processes can write: write-ahead log, locks taken early."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STATE_DIR / "db.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _from_url(url: str) -> dict[str, Any]:
    """A database by URL; PostgreSQL gets a pool that checks connections before use."""
    database: dict[str, Any] = dict(dj_database_url.parse(url))
    if database["ENGINE"] == "django.db.backends.postgresql":
        database["CONN_HEALTH_CHECKS"] = True
        database.setdefault("OPTIONS", {})["pool"] = {
            "min_size": 1,
            "max_size": env.database_pool_size,
            "timeout": 10,
        }
    return database


DATABASES = {
    "default": _from_url(env.database_url.get_secret_value())
    if env.database_url
    else _sqlite()
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis_url.get_secret_value() if env.redis_url else None
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "reconcile-calls": {
        "task": "telephony_app.tasks.reconcile_calls",
        "schedule": timedelta(seconds=30),
    },
    "make-missing-speech": {
        "task": "agents_app.tasks.make_missing_speech",
        "schedule": timedelta(minutes=5),
    },
    "check-mcp-servers": {
        "task": "tools_app.tasks.check_mcp_servers",
        "schedule": timedelta(minutes=2),
    },
    "fetch-lost-recordings": {
        "task": "telephony_app.tasks.fetch_lost_recordings",
        "schedule": timedelta(minutes=10),
    },
    "fetch-unreported-recordings": {
        "task": "telephony_app.tasks.fetch_unreported_recordings",
        "schedule": timedelta(hours=1),
    },
    "delete-old-recordings": {
        "task": "telephony_app.tasks.delete_old_recordings",
        "schedule": crontab(hour="3", minute="17"),
    },
    "mend-bridge": {
        "task": "telephony_app.tasks.mend_bridge",
        "schedule": timedelta(minutes=1),
    },
    "check-numbers": {
        "task": "telephony_app.tasks.check_numbers",
        "schedule": crontab(hour="4", minute="17"),
    },
}
if not REDIS_URL:
    _queue = STATE_DIR / "celery"
    for _folder in ("messages", "control"):
        (_queue / _folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT = "config.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
    }

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "accounts.adapter.StaffAdapter"
# Failed attempts count by address, which the proxy in front of HTTPS tells.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if USES_HTTPS else 0
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = USES_HTTPS
SECURE_SSL_REDIRECT = USES_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if USES_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if USES_HTTPS else 0
# Other names below ours are none of our business.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Both are asked from inside, without TLS; the webhook is signed.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^api/v1/voice/livekit/webhook$"]
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.SessionAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}

LANGUAGE_CODE = env.language_code
TIME_ZONE = env.time_zone
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "templates" / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STATE_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LOG_FORMAT = env.log_format
LOG_LEVEL = env.log_level
LOGGING = logs.to_stderr(LOG_FORMAT, level=LOG_LEVEL)

LIVEKIT_URL = env.livekit_url
LIVEKIT_PUBLIC_URL = env.livekit_public_url or env.livekit_url
LIVEKIT_API_KEY = env.livekit_api_key
LIVEKIT_API_SECRET = env.livekit_api_secret.get_secret_value()
AGENT_NAME = env.agent_name

# Where Twilio dials our SIP bridge (`host` or `host:port`), and over what.
SIP_HOST = env.sip_host
SIP_TRANSPORT = env.sip_transport

GOOGLE_API_KEY = env.google_api_key.get_secret_value() if env.google_api_key else ""
GOOGLE_USES_VERTEX = env.google_genai_use_vertexai
GOOGLE_CLOUD_PROJECT = env.google_cloud_project
GOOGLE_CLOUD_LOCATION = env.google_cloud_location
SANDBOX_MODEL = not (GOOGLE_API_KEY or GOOGLE_USES_VERTEX)
SANDBOX_MODEL_URL = env.sandbox_model_url
SANDBOX_STATE_DIR = STATE_DIR / "sandbox"

# Pairs of host or CIDR, and port (None for any) that tools may reach though private.
TOOLS_MAY_REACH = env.tools_may_reach
GOOGLE_CALENDAR_URL = env.google_calendar_url
TWILIO_API_URL = env.twilio_api_url

_livekit = urlsplit(LIVEKIT_PUBLIC_URL)
_livekit_host = (
    f"{_livekit.hostname}:{_livekit.port}" if _livekit.port else _livekit.hostname
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # The admin theme needs inline and evaluated scripts (Alpine.js).
        "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:", "data:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [
            SELF,
            *(
                f"{scheme}://{_livekit_host}"
                for scheme in ("ws", "wss", "http", "https")
            ),
        ],
        "frame-ancestors": [NONE],
    }
}
