"""Staff sign-in by allauth: nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        """Attempts count by name alone: by default also by the `Host` that the visitor
        wrote, of which there are as many as anybody likes."""
        name = credentials.get("username") or credentials.get("email") or ""
        return str(name).casefold()
