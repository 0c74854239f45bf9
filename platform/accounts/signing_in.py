"""Signing in to the admin, and what to do about a forgotten password."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe
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


@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Who can set another password; none is sent by mail."""
    about = admin.site.each_context(request) | {"title": "Forgotten password"}
    return render(request, "admin/forgotten.html", about)
