"""*Release*: a number goes back to Twilio, for good; *Delete* takes it from here. Both
keep the calls that there were."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from telephony_app import tasks
from telephony_app.checked_admin import CheckedAdmin
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.numbers.owner import may_spend
from telephony_app.numbers.page import number_page
from telephony_app.twilio.numbers import number_of, release
from telephony_app.twilio.rest import TwilioRefused


def urls(number_admin: CheckedAdmin) -> list[URLPattern]:
    """The page below a number's own."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return confirm(number_admin, request, number_admin.row(request, pk))

    wrapped = number_admin.admin_site.admin_view(view)
    name = "telephony_app_phonenumber_release"
    return [path("<int:pk>/release/", wrapped, name=name)]


def may_release(request: HttpRequest, number: PhoneNumber) -> bool:
    """Admins may, where there is an account to which it goes back."""
    account = TwilioAccount.objects.of(number.organization_id)
    return account is not None and may_spend(request, account.organization)


def confirm(
    number_admin: CheckedAdmin, request: HttpRequest, number: PhoneNumber
) -> HttpResponse:
    """Ask whether to give it away; then do it."""
    account = TwilioAccount.objects.of(number.organization_id)
    if account is None or not may_spend(request, account.organization):
        raise PermissionDenied
    if request.method == "POST":
        return _release(request, number, account)
    about = {"title": f"Release {number.pretty}?", "number": number}
    return number_page(number_admin, request, "releasing.html", **about)


def _release(
    request: HttpRequest, number: PhoneNumber, account: TwilioAccount
) -> HttpResponse:
    try:
        if there := number_of(account, number.number):
            release(account, there.sid)
    except TwilioRefused as refused:
        messages.error(request, f"Not released. {refused}")
        return redirect("admin:telephony_app_phonenumber_change", number.pk)
    number.delete()
    words = f"{number.pretty} was released. Twilio bills it no more."
    messages.success(request, words)
    return redirect("admin:telephony_app_phonenumber_changelist")


def let_go(number: PhoneNumber) -> None:
    """Have the number, which stays in the account, ask us no more."""
    if account := TwilioAccount.objects.of(number.organization_id):
        forget = partial(tasks.forget_number.delay, account.pk, number.number)
        transaction.on_commit(forget, robust=True)
