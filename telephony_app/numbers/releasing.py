"""*Release*: a number goes back to Twilio, for good; *Delete* takes it from here."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from accounts.models import Role
from telephony_app import tasks
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.numbers.buying import BuyingPages
from telephony_app.numbers.owner import account_of
from telephony_app.twilio.numbers import number_of, release
from telephony_app.twilio.rest import TwilioRefused


class ReleasingPages(BuyingPages):
    """Both keep the calls that there were."""

    def get_urls(self) -> list[URLPattern]:
        releasing = self.admin_site.admin_view(self.release_view)
        name = "telephony_app_phonenumber_release"
        own: list[URLPattern] = super().get_urls()
        return [path("<int:pk>/release/", releasing, name=name), *own]

    def may_release(self, request: HttpRequest, number: PhoneNumber) -> bool:
        """Admins may, where there is an account to which it goes back."""
        return bool(
            self._has_role(request, Role.ADMIN, number)
            and account_of(number.organization)
        )

    def release_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether to give it away; then do it."""
        number: PhoneNumber | None = self.get_object(request, str(pk))
        if number is None:
            raise Http404
        account = account_of(number.organization)
        if account is None or not self.may_release(request, number):
            raise PermissionDenied
        if request.method == "POST":
            return self._released(request, number, account)
        title = f"Release {number.pretty}?"
        return self.number_page(request, "releasing.html", title=title, number=number)

    def _released(
        self, request: HttpRequest, number: PhoneNumber, account: TwilioAccount
    ) -> HttpResponse:
        try:
            if there := number_of(account, number.number):
                release(account, there.sid)
        except TwilioRefused as refused:
            self.message_user(request, f"Not released. {refused}", messages.ERROR)
            return redirect("admin:telephony_app_phonenumber_change", number.pk)
        number.delete()
        words = f"{number.pretty} was released. Twilio bills it no more."
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:telephony_app_phonenumber_changelist")

    def let_go(self, number: PhoneNumber) -> None:
        """Have the number, which stays in the account, ask us no more."""
        account = account_of(number.organization)
        if account:
            args: Any = (account.pk, number.number)
            transaction.on_commit(lambda: tasks.forget_number.delay(*args), robust=True)
