"""How allauth counts attempts to sign in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Counts failed attempts by name alone: by default the visitor's `Host` is part of
    the count, and of those there are as many as anybody likes."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Too many failed login attempts. Try again in five "
        "minutes."
    }

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        return str(credentials.get("username", "")).casefold()
