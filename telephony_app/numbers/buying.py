"""*Buy a number*: admins search, see the price, confirm."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import Organization, Role
from telephony_app.checked_admin import CheckedAdmin
from telephony_app.countries import country_names
from telephony_app.e164 import E164, spaced
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.numbers.owner import agent_of, organizations_of
from telephony_app.numbers.page import number_page
from telephony_app.twilio.buying import KINDS, buy, offers, price
from telephony_app.twilio.rest import TwilioRefused
from telephony_app.waiting import while_waiting

BUY = "telephony_app_phonenumber_buy"


class SearchForm(forms.Form):
    """What kind of number is looked for."""

    country = forms.ChoiceField(choices=country_names, widget=UnfoldAdminSelectWidget)
    kind = forms.ChoiceField(
        choices=[(kind, words[0]) for kind, words in KINDS.items()],
        widget=UnfoldAdminSelectWidget,
    )
    digits = forms.CharField(
        required=False,
        max_length=12,
        label="With the digits",
        help_text="Letters stand for keys, * for any digit. Empty: any number.",
        widget=UnfoldAdminTextInputWidget,
    )


def urls(number_admin: CheckedAdmin) -> list[URLPattern]:
    """The pages beside the list of numbers."""

    def search_view(request: HttpRequest) -> HttpResponse:
        return search(number_admin, request)

    def buy_view(request: HttpRequest, number: str) -> HttpResponse:
        return confirm(number_admin, request, number)

    wrap = number_admin.admin_site.admin_view
    return [
        path("buy/", wrap(search_view), name=BUY),
        path("buy/<str:number>/", wrap(buy_view), name=f"{BUY}_one"),
    ]


def search(number_admin: CheckedAdmin, request: HttpRequest) -> HttpResponse:
    """Numbers that can be had, and what each costs."""
    organizations = organizations_of(request, Role.ADMIN)
    if len(organizations) != 1:
        words = {"title": "Buy a number for whom?", "organizations": organizations}
        return number_page(number_admin, request, "whose.html", **words)
    account = TwilioAccount.objects.of(organizations[0].pk)
    about = _about(request, organizations[0])
    if account is None:
        return number_page(number_admin, request, "no_account.html", **about)
    form = SearchForm(request.GET if "country" in request.GET else None)
    about |= {"form": form}
    if form.is_valid():
        about |= _offers(account, **form.cleaned_data)
    return number_page(number_admin, request, "buying.html", **about)


def _offers(account: TwilioAccount, **asked: str) -> dict[str, Any]:
    country, kind = asked["country"], asked["kind"]
    try:
        found = offers(account, country, kind=kind, digits=asked["digits"])
        cost = price(account, country, kind=kind)
    except TwilioRefused as refused:
        return {"refused": str(refused)}
    return {"offers": found, "price": cost, "country": country, "kind": kind}


def confirm(
    number_admin: CheckedAdmin, request: HttpRequest, number: str
) -> HttpResponse:
    """Ask whether to pay for it from now on; then buy it."""
    organizations = organizations_of(request, Role.ADMIN)
    is_known = len(organizations) == 1
    account = TwilioAccount.objects.of(organizations[0].pk) if is_known else None
    if account is None or not E164.fullmatch(number):
        raise Http404
    about = _about(request, organizations[0]) | {"pretty": spaced(number)}
    if request.method == "POST":
        return _buy(number_admin, request, account, number)
    country, kind = request.GET.get("country", ""), request.GET.get("kind", "")
    if country not in country_names() or kind not in KINDS:
        raise Http404
    try:
        about["price"] = price(account, country, kind=kind)
    except TwilioRefused as refused:
        about["refused"] = str(refused)
    return number_page(number_admin, request, "confirm_buying.html", **about)


def _about(request: HttpRequest, organization: Organization) -> dict[str, Any]:
    agent = agent_of(request)
    kept = {"agent": agent.pk} if agent else {"organization": organization.pk}
    return {
        "title": f"Buy a number for {organization}",
        "organization": organization,
        "agent": agent,
        "may_buy": True,
        "kept": urlencode(kept),
        "search_url": f"{reverse(f'admin:{BUY}')}?{urlencode(kept)}",
    }


def _buy(
    number_admin: CheckedAdmin,
    request: HttpRequest,
    account: TwilioAccount,
    number: str,
) -> HttpResponse:
    same = PhoneNumber.objects.filter(number=number)
    if row := same.first():
        return _here_already(number_admin, request, account, row)
    try:
        bought = buy(account, number)
    except TwilioRefused as refused:
        # Of two clicks in a row the first one had it meanwhile.
        if row := same.first():
            return _here_already(number_admin, request, account, row)
        messages.error(request, f"Not bought. {refused}")
        return redirect(request.get_full_path())
    row = PhoneNumber.objects.create(
        organization_id=account.organization_id,
        number=bought.number,
        agent=agent_of(request),
        twilio_sid=bought.sid,
    )
    number_admin.send("check", row)
    words = f"{row.pretty} was bought. It costs until you release it."
    messages.success(request, words)
    return redirect(while_waiting(number_admin.page_of(row)))


def _here_already(
    number_admin: CheckedAdmin,
    request: HttpRequest,
    account: TwilioAccount,
    row: PhoneNumber,
) -> HttpResponse:
    """Lead to the number; of another organization's tell only that it is here."""
    if row.organization_id == account.organization_id:
        words = f"{row.pretty} is yours already: it was not bought a second time."
        messages.info(request, words)
        page = number_admin.page_of(row)
        return redirect(page if row.checked_at else while_waiting(page))
    messages.error(request, "This number is here already: nothing was bought.")
    return redirect("admin:telephony_app_phonenumber_changelist")
