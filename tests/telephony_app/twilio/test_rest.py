"""What goes wrong at Twilio, in words for staff."""

import re

import pytest
from pytest_django import Settings
from werkzeug import Response

from telephony_app.models import TwilioAccount
from telephony_app.twilio.rest import TwilioRefused, client_of, refusals
from tests.standins.twilio.rest import AUTH_TOKEN, Twilio, twilio_error


def refusal(account: TwilioAccount, *, of_a_list: bool) -> TwilioRefused:
    with pytest.raises(TwilioRefused) as caught, refusals():
        client = client_of(account)
        if of_a_list:
            client.incoming_phone_numbers.list()
        else:
            client.api.accounts(account.account_sid).fetch()
    return caught.value


@pytest.mark.parametrize("of_a_list", [True, False])
@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, 20003, "does not accept the Account SID"),
        (404, 20404, "does not know it any more"),
        (429, 20429, "Try again in a minute"),
        (400, 21452, "Twilio says: Odd.*docs/api/errors/21452"),
    ],
)
def test_refusals_come_with_code_and_mend(
    twilio: Twilio,
    account: TwilioAccount,
    of_a_list: bool,
    status: int,
    code: int,
    words: str,
) -> None:
    twilio.fail(twilio_error(status, code, "Odd"))
    found = refusal(account, of_a_list=of_a_list)
    assert found.code == code
    assert re.search(words, str(found))


@pytest.mark.parametrize("of_a_list", [True, False])
def test_page_of_a_broken_proxy_is_no_crash(
    twilio: Twilio, account: TwilioAccount, of_a_list: bool
) -> None:
    twilio.fail(Response("<html>Bad gateway</html>", 502))
    assert "Twilio says" in str(refusal(account, of_a_list=of_a_list))


@pytest.mark.parametrize("of_a_list", [True, False])
def test_nobody_there_is_said(
    account: TwilioAccount, settings: Settings, of_a_list: bool
) -> None:
    settings.TWILIO_API_URL = "http://127.0.0.1:9"
    found = refusal(account, of_a_list=of_a_list)
    assert str(found) == "Twilio did not answer. Try again in a moment."
    assert AUTH_TOKEN not in repr(found)
