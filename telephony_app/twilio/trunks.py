"""The line by which calls go out: an Elastic SIP Trunk of Twilio's, for termination.

Numbers are not added to the trunk: those that are ring there, and not at our webhooks.
https://www.twilio.com/docs/sip-trunking/api
"""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables
from twilio.rest import Client

from telephony_app.findings import Finding, changed, fine
from telephony_app.models import TwilioAccount
from telephony_app.twilio.rest import client_of, refusals

USERNAME = "voice-agents"
ENDING = ".pstn.twilio.com"


def set_up(account: TwilioAccount, *, dry_run: bool = False) -> Finding:
    """Make what is missing of the account's trunk; raises `TwilioRefused`.

    A line of another provider, whose address somebody entered, stays as it is.
    """
    if account.termination_host and not account.termination_host.endswith(ENDING):
        return fine(f"Calls go out by {account.termination_host}.")
    with refusals():
        client = client_of(account)
        trunk = _trunk(client, account)
        if trunk and _is_complete(client, account, trunk):
            return fine(f"Calls go out by {trunk.domain_name}.")
        if dry_run:
            return changed(f"The outgoing line {_domain(account)} would be made.")
        trunk = trunk or _make(client, account)
        _let_in(client, account, trunk)
    return changed(f"The outgoing line {trunk.domain_name} was made.")


def _domain(account: TwilioAccount) -> str:
    """The line's address, which nobody else at Twilio may have: always the same for an
    account, so that of two that make it at once Twilio refuses one."""
    digest = hashlib.sha256(account.account_sid.encode()).hexdigest()
    return f"voice-agents-{digest[:12]}{ENDING}"


def _trunk(client: Client, account: TwilioAccount) -> Any:
    trunks = client.trunking.v1.trunks.list()
    known = {account.trunk_sid, _domain(account)}
    return next((t for t in trunks if {t.sid, t.domain_name} & known), None)


def _make(client: Client, account: TwilioAccount) -> Any:
    return client.trunking.v1.trunks.create(
        friendly_name="Voice agents",
        domain_name=_domain(account),
        # Encrypted or not, as the SIP bridge speaks.
        secure=settings.SIP_TRANSPORT == "tls",
        transfer_mode="enable-all",
        cnam_lookup_enabled=False,
    )


def _is_complete(client: Client, account: TwilioAccount, trunk: Any) -> bool:
    """Whether we know the trunk and its login, and it lets that login in."""
    has_login = "sip_password" in account.secrets.names and account.sip_username
    is_known = account.termination_host == trunk.domain_name
    return bool(
        account.trunk_sid == trunk.sid
        and has_login
        and is_known
        and client.trunking.v1.trunks(trunk.sid).credentials_lists.list(limit=1)
    )


@sensitive_variables()
def _let_in(client: Client, account: TwilioAccount, trunk: Any) -> None:
    """Give the trunk a login, and store it. Twilio never tells a password, so it gets
    a new one: three kinds of characters, at least twelve."""
    password = f"Aa1{secrets.token_urlsafe(24)}"
    lists = client.api.v2010.account.sip.credential_lists
    found = _named(lists.list(), trunk.domain_name)
    logins = found or lists.create(friendly_name=trunk.domain_name)
    _set_password(lists(logins.sid).credentials, password)
    allowed = client.trunking.v1.trunks(trunk.sid).credentials_lists
    if not any(each.sid == logins.sid for each in allowed.list()):
        allowed.create(credential_list_sid=logins.sid)
    _store(account, trunk, password)


def _named(lists: list[Any], name: str) -> Any:
    return next((each for each in lists if each.friendly_name == name), None)


@sensitive_variables()
def _set_password(credentials: Any, password: str) -> None:
    known = [each for each in credentials.list() if each.username == USERNAME]
    if known:
        credentials(known[0].sid).update(password=password)
    else:
        credentials.create(username=USERNAME, password=password)


@sensitive_variables()
def _store(account: TwilioAccount, trunk: Any, password: str) -> None:
    """Beside the secrets that somebody may have entered meanwhile."""
    with transaction.atomic():
        row = TwilioAccount.objects.select_for_update().get(pk=account.pk)
        row.secrets = row.secrets.changed_by({"sip_password": password})
        row.trunk_sid, row.termination_host = trunk.sid, trunk.domain_name
        row.sip_username = USERNAME
        row.save()
    account.refresh_from_db()
