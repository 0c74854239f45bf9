"""The part of Twilio's API that outgoing lines need: SIP trunks and their logins.

https://www.twilio.com/docs/sip-trunking/api
https://www.twilio.com/docs/voice/sip/api
"""

import secrets
from collections.abc import Iterable
from typing import Any

from werkzeug import Request, Response

from tests.standins.serving import Endpoint, StandIn, as_json
from tests.standins.twilio.errors import ACCOUNT, ACCOUNT_SID, page, refused, v1_page

LISTS = f"{ACCOUNT}/SIP/CredentialLists"
TRUNKS = "/v1/Trunks"


class TwilioTrunks(StandIn):
    """Trunks with the lists of logins that they let in. Passwords cannot be read."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.trunks: dict[str, dict[str, Any]] = {}
        self.lists: dict[str, dict[str, Any]] = {}
        self.logins: dict[str, dict[str, str]] = {}
        self.let_in: dict[str, list[str]] = {}
        self.passwords: dict[str, str] = {}

    def routes(self) -> Iterable[tuple[str, str, Endpoint]]:
        """Method, path and function of each endpoint."""
        allowed = f"{TRUNKS}/<trunk>/CredentialLists"
        logins = f"{LISTS}/<name>/Credentials"
        return [
            *super().routes(),
            ("GET", TRUNKS, self._trunks),
            ("POST", TRUNKS, self._make_trunk),
            ("GET", allowed, self._allowed),
            ("POST", allowed, self._allow),
            ("GET", f"{LISTS}.json", self._lists),
            ("POST", f"{LISTS}.json", self._make_list),
            ("GET", f"{logins}.json", self._logins),
            ("POST", f"{logins}.json", self._make_login),
            ("POST", f"{logins}/<login>.json", self._set_password),
        ]

    def check(self, request: Request, sid: str = ACCOUNT_SID) -> None:
        """Refuse who is not signed in."""

    def _trunks(self, request: Request) -> Response:
        self.check(request)
        return v1_page("trunks", list(self.trunks.values()))

    def _make_trunk(self, request: Request) -> Response:
        self.check(request)
        domain = request.form["DomainName"]
        if any(each["domain_name"] == domain for each in self.trunks.values()):
            raise refused(21245, "Domain name is already taken")
        trunk = {
            "sid": f"TK{secrets.token_hex(16)}",
            "friendly_name": request.form["FriendlyName"],
            "domain_name": domain,
            "secure": request.form["Secure"] == "true",
        }
        self.trunks[trunk["sid"]] = trunk
        return as_json(trunk, 201)

    def _allowed(self, request: Request, trunk: str) -> Response:
        self.check(request)
        rows = [self.lists[name] for name in self.let_in.get(trunk, [])]
        return v1_page("credential_lists", rows)

    def _allow(self, request: Request, trunk: str) -> Response:
        self.check(request)
        name = request.form["CredentialListSid"]
        self.let_in.setdefault(trunk, []).append(name)
        return as_json(self.lists[name], 201)

    def _lists(self, request: Request, sid: str) -> Response:
        self.check(request, sid)
        return page("credential_lists", list(self.lists.values()))

    def _make_list(self, request: Request, sid: str) -> Response:
        self.check(request, sid)
        name = f"CL{secrets.token_hex(16)}"
        made = {"sid": name, "friendly_name": request.form["FriendlyName"]}
        self.lists[name], self.logins[name] = made, {}
        return as_json(made, 201)

    def _logins(self, request: Request, sid: str, name: str) -> Response:
        self.check(request, sid)
        known = self.logins[name].items()
        return page("credentials", [{"sid": s, "username": u} for s, u in known])

    def _make_login(self, request: Request, sid: str, name: str) -> Response:
        self.check(request, sid)
        login, user = f"CR{secrets.token_hex(16)}", request.form["Username"]
        self._keep(login, request)
        self.logins[name][login] = user
        return as_json({"sid": login, "username": user}, 201)

    def _set_password(
        self, request: Request, sid: str, name: str, login: str
    ) -> Response:
        self.check(request, sid)
        self._keep(login, request)
        return as_json({"sid": login, "username": self.logins[name][login]})

    def _keep(self, login: str, request: Request) -> None:
        password = request.form["Password"]
        kinds = (str.islower, str.isupper, str.isdigit)
        strong = all(any(map(kind, password)) for kind in kinds)
        if len(password) < 12 or not strong:
            raise refused(21240, "Password is too weak")
        self.passwords[login] = password
