"""Staff sign-in by allauth: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
