"""Signing in to the admin."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.views.decorators.debug import sensitive_variables
from unfold.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """The admin's own form, with allauth's limits: five wrong passwords for a name in
    five minutes, ten from an address in a minute.

    https://docs.allauth.org/en/latest/account/rate_limits.html
    """

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        login = {name: given.get(name) for name in ("username", "password")}
        if all(login.values()):
            adapter = get_adapter(self.request)
            self.user_cache = adapter.authenticate(self.request, **login)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return given
