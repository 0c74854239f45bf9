"""The environment, read once and loudly: the only module that looks at it.

Values come from the process environment, then from the file that `ENV_FILE` names
(default `.env` beside `manage.py`). A missing or malformed value stops the start
with a message that names the variable and what it takes.
"""

import os
import sys
from typing import Annotated, Any, Literal

from cryptography.fernet import Fernet
from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from config.values import BASE_DIR as BASE_DIR
from config.values import (
    Folder,
    Host,
    Places,
    Port,
    PortRange,
    Url,
    Words,
    is_loopback,
)

# How many requests a web process answers at a time; each may hold a connection to the
# database while it waits for others.
WEB_THREADS = 16


def _here(scheme: str, port: str) -> Any:
    """By default, a place on this machine at the port that another variable names."""
    return Field(default_factory=lambda found: f"{scheme}127.0.0.1:{found[port]}")


class Environment(BaseSettings):
    """Every variable that the platform understands, with its meaning and default."""

    model_config = SettingsConfigDict(
        env_file=os.environ.get("ENV_FILE", str(BASE_DIR / ".env")),
        env_ignore_empty=True,
        extra="ignore",
    )

    web_port: Port = 8000
    livekit_port: Port = 7880
    sandbox_model_port: Port = 7890
    worker_port: Port = 8081
    sip_port: Port = 5060
    sip_rtp_ports: PortRange = "10000-10200"
    redis_port: Port = 7891

    secret_key: SecretStr = Field(min_length=32)
    field_encryption_keys: Annotated[list[SecretStr], NoDecode] = []
    debug: bool = False
    allowed_hosts: Words = ["127.0.0.1", "localhost"]
    public_base_url: Url = _here("http://", "web_port")
    state_dir: Folder = BASE_DIR / "var"
    database_url: SecretStr | None = None
    database_pool_size: int = Field(default=WEB_THREADS + 4, ge=2)
    redis_url: SecretStr | None = None
    log_format: Literal["plain", "json"] = "plain"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    language_code: str = "en-us"
    time_zone: str = "UTC"

    livekit_url: Url = _here("ws://", "livekit_port")
    livekit_public_url: Url | None = None
    livekit_api_key: str = Field(min_length=3)
    livekit_api_secret: SecretStr = Field(min_length=32)
    agent_name: str = Field(default="phone-agent", pattern=r"^[a-z0-9-]+$")

    phone: bool = False
    sip_host: Host = _here("", "sip_port")
    sip_transport: Literal["udp", "tcp", "tls"] = Field(
        default_factory=lambda found: "udp" if is_loopback(found["sip_host"]) else "tls"
    )

    google_api_key: SecretStr | None = None
    google_genai_use_vertexai: bool = False
    google_cloud_project: str = Field(default="", validate_default=True)
    google_cloud_location: str = "us-central1"
    sandbox_model_url: Url = _here("https://", "sandbox_model_port")

    tools_may_reach: Places = []
    google_calendar_url: Url = "https://www.googleapis.com/calendar/v3"
    twilio_api_url: Url = "https://api.twilio.com"

    @field_validator("allowed_hosts", "field_encryption_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [word.strip() for word in value.split(",") if word.strip()]
        return value

    @field_validator("field_encryption_keys")
    @classmethod
    def _are_keys(cls, keys: list[SecretStr]) -> list[SecretStr]:
        for place, key in enumerate(keys, start=1):
            try:
                Fernet(key.get_secret_value())
            except ValueError as error:
                raise ValueError(
                    f"Key {place} is no key (32 bytes, URL-safe base64). "
                    "Make one with `manage.py new_field_key`."
                ) from error
        return keys

    @field_validator("google_cloud_project")
    @classmethod
    def _needed_by_vertex(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("google_genai_use_vertexai") and not value:
            raise ValueError("Vertex AI needs the id of a Google Cloud project.")
        return value


def read_environment() -> Environment:
    """The environment of this process; ends it with a list of what to mend.

    Only names and rules are printed, never a value: it could be a secret.
    """
    try:
        return Environment()
    except ValidationError as error:
        lines = [
            f"  {'.'.join(map(str, e['loc'])).upper()}: {e['msg']}"
            for e in error.errors()
            # A default that follows from a bad value is no news.
            if e["type"] != "default_factory_not_called"
        ]
        sys.exit(
            "The environment is not usable. Mend these in .env (see .env.example) "
            "or in the process environment:\n" + "\n".join(lines)
        )
