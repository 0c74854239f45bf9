"""Google's token endpoint for service accounts, and a key that it knows.

https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

import json
import secrets
import time
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from werkzeug import Request

from tests.standins.serving import Refusal, as_json

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"
SCOPES = {
    "https://www.googleapis.com/auth/calendar",
    "https://www.googleapis.com/auth/calendar.events",
}
EMAIL = "voice-agent@salon-7731.iam.gserviceaccount.com"


@cache
def _pair() -> tuple[str, str]:
    """A private key and its public one, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def key_file(token_uri: str) -> str:
    """The JSON file that Google Cloud gives for a new key."""
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "salon-7731",
            "private_key_id": "3f0c9e",
            "private_key": _pair()[0],
            "client_email": EMAIL,
            "client_id": "104837261900000000000",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        },
        indent=2,
    )


class Tokens:
    """The tokens given out, and those still good."""

    def __init__(self) -> None:
        self.good: set[str] = set()

    def revoke(self) -> None:
        """Let all of them end now."""
        self.good.clear()

    def grant(self, request: Request) -> dict[str, Any]:
        """A token for a signed assertion; raises `Refusal` as Google words it."""
        if request.form.get("grant_type") != GRANT:
            raise _refused("unsupported_grant_type", "Invalid grant_type")
        claims = _claims(request.form.get("assertion", ""))
        if claims.get("iss") != EMAIL:
            raise _refused("invalid_grant", "Invalid grant: account not found")
        if not SCOPES & set(str(claims.get("scope", "")).split()):
            raise _refused("invalid_scope", "Invalid OAuth scope or ID token audience.")
        token = f"ya29.c.{secrets.token_urlsafe(32)}"
        self.good.add(token)
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}


def _claims(assertion: str) -> dict[str, Any]:
    """What the account says of itself, once signature, audience and times are right."""
    try:
        claims: dict[str, Any] = jwt.decode(assertion, verify=False)
        jwt.decode(assertion, certs=_pair()[1], audience=AUDIENCE)
    except ValueError as error:
        is_signature = "signature" in str(error)
        text = "Invalid JWT Signature." if is_signature else "Invalid JWT."
        raise _refused("invalid_grant", text) from None
    if claims["exp"] - claims["iat"] > 3600 or claims["exp"] < time.time():
        raise _refused("invalid_grant", "Invalid JWT: Token must be short-lived.")
    return claims


def _refused(error: str, description: str) -> Refusal:
    body = {"error": error, "error_description": description}
    return Refusal(as_json(body, 400))
