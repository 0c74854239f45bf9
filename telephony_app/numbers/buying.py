"""*Buy a number*: search, see the price, confirm."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.models import Organization, Role
from telephony_app.countries import country_names
from telephony_app.e164 import E164, spaced
from telephony_app.models import PhoneNumber, TwilioAccount
from telephony_app.numbers.adding import AddingPages
from telephony_app.numbers.owner import account_of, agent_of, organizations_of
from telephony_app.twilio.buying import KINDS, buy, offers, price
from telephony_app.twilio.rest import TwilioRefused
from telephony_app.waiting import while_waiting

BUY = "telephony_app_phonenumber_buy"


def _countries() -> list[tuple[str, str]]:
    return list(country_names().items())


class SearchForm(forms.Form):
    """What kind of number is looked for."""

    country = forms.ChoiceField(choices=_countries, widget=UnfoldAdminSelectWidget)
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


class BuyingPages(AddingPages):
    """Admins buy; what it costs is said twice before it does."""

    def get_urls(self) -> list[URLPattern]:
        wrap, own = self.admin_site.admin_view, super().get_urls()
        return [
            path("buy/", wrap(self.search_view), name=BUY),
            path("buy/<str:number>/", wrap(self.buy_view), name=f"{BUY}_one"),
            *own,
        ]

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Numbers that can be had, and what each costs."""
        organizations = organizations_of(request, Role.ADMIN)
        if len(organizations) != 1:
            words = {"title": "Buy a number for whom?", "organizations": organizations}
            return self.number_page(request, "whose.html", **words)
        account = account_of(organizations[0])
        about = self._about(request, organizations[0])
        if account is None:
            return self.number_page(request, "no_account.html", **about)
        form = SearchForm(request.GET if "country" in request.GET else None)
        about |= {"form": form}
        if form.is_valid():
            about |= self._offers(account, **form.cleaned_data)
        return self.number_page(request, "buying.html", **about)

    def _offers(self, account: TwilioAccount, **asked: str) -> dict[str, Any]:
        country, kind = asked["country"], asked["kind"]
        try:
            found = offers(account, country, kind=kind, digits=asked["digits"])
            cost = price(account, country, kind=kind)
        except TwilioRefused as refused:
            return {"refused": str(refused)}
        return {"offers": found, "price": cost, "country": country, "kind": kind}

    def buy_view(self, request: HttpRequest, number: str) -> HttpResponse:
        """Ask whether to pay for it from now on; then buy it."""
        organizations = organizations_of(request, Role.ADMIN)
        account = account_of(organizations[0]) if len(organizations) == 1 else None
        if account is None or not E164.fullmatch(number):
            raise Http404
        about = self._about(request, organizations[0]) | {"pretty": spaced(number)}
        if request.method == "POST":
            return self._bought(request, account, number)
        country, kind = request.GET.get("country", ""), request.GET.get("kind", "")
        if country not in country_names() or kind not in KINDS:
            raise Http404
        try:
            about["price"] = price(account, country, kind=kind)
        except TwilioRefused as refused:
            about["refused"] = str(refused)
        return self.number_page(request, "confirm_buying.html", **about)

    def _about(self, request: HttpRequest, organization: Organization) -> Any:
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

    def _bought(
        self, request: HttpRequest, account: TwilioAccount, number: str
    ) -> HttpResponse:
        if PhoneNumber.objects.filter(number=number).exists():
            words = "This number is here already: nothing was bought."
            self.message_user(request, words, messages.ERROR)
            return redirect("admin:telephony_app_phonenumber_changelist")
        try:
            bought = buy(account, number)
        except TwilioRefused as refused:
            self.message_user(request, f"Not bought. {refused}", messages.ERROR)
            return redirect(request.get_full_path())
        row = PhoneNumber.objects.create(
            organization_id=account.organization_id,
            number=bought.number,
            agent=agent_of(request),
            twilio_sid=bought.sid,
        )
        self.send("check", row)
        words = f"{row.pretty} was bought. It costs until you release it."
        self.message_user(request, words, messages.SUCCESS)
        page = reverse("admin:telephony_app_phonenumber_change", args=[row.pk])
        return redirect(while_waiting(page))
