"""Staff connect a number: from the account's token to a caller who is greeted."""

import pytest
import requests

from agents_app.models import Agent
from telephony_app.models import PhoneNumber, SipBridge, TwilioAccount
from tests.journeys.phone.line import CALLER
from tests.servers.stack import Stack
from tests.standins.twilio.rest import ACCOUNT_SID, AUTH_TOKEN, Twilio

NUMBER = "+12025550199"
Health = PhoneNumber.Health


class Staff:
    """The person who runs the server, at the admin's pages."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._session = stack.signed_in()

    def sends(self, page: str, **fields: object) -> requests.Response:
        """Fill in a page of the telephone and send it."""
        url = f"{self._stack.url}/admin/telephony_app/{page}"
        answer = self._session.post(url, fields, timeout=30)
        assert answer.ok, answer.text
        return answer

    def sets_up_the_bridge(self) -> None:
        """Press the button, and wait for the task."""
        SipBridge.objects.update(checked_at=None)
        self.sends(f"sipbridge/{SipBridge.current().pk}/do/set-up/")
        self._stack.wait_for(lambda: SipBridge.current().checked_at, "the bridge")

    def enters_the_account(self, agent: Agent) -> TwilioAccount:
        """SID and token, for the agent's organization."""
        TwilioAccount.objects.all().delete()
        about = {"organization": agent.organization_id, "account_sid": ACCOUNT_SID}
        self.sends("twilioaccount/add/", **about, auth_token=AUTH_TOKEN)
        return TwilioAccount.objects.get(organization=agent.organization)

    def connects(self, agent: Agent) -> PhoneNumber:
        """Tick the number on the page that the agent's leads to."""
        page = f"phonenumber/add/?agent={agent.pk}"
        self.sends(page, numbers=NUMBER, agent=agent.pk)
        return PhoneNumber.objects.get(number=NUMBER)


@pytest.fixture
def staff(phone_stack: Stack) -> Staff:
    """Signed in."""
    return Staff(phone_stack)


def visited(stack: Stack, number: PhoneNumber) -> PhoneNumber:
    """The number, once the doctor was there."""
    look = PhoneNumber.objects.filter(pk=number.pk).exclude(checked_at=None)
    found: PhoneNumber = stack.wait_for(look.first, "the doctor", seconds=60)
    return found


def test_number_is_connected_in_one_form_and_rings_its_agent(
    phone_stack: Stack, stack_twilio: Twilio, staff: Staff, receptionist: Agent
) -> None:
    phone_stack.worker()
    stack_twilio.own(NUMBER)
    staff.sets_up_the_bridge()
    staff.enters_the_account(receptionist)
    number = visited(phone_stack, staff.connects(receptionist))
    assert number.health == Health.WELL, number.findings
    with stack_twilio.dial(CALLER, NUMBER) as line:
        line.is_answered()
        line.hears_voice()


def test_doctor_tells_a_bridge_that_is_gone(
    phone_stack: Stack, stack_twilio: Twilio, staff: Staff, receptionist: Agent
) -> None:
    phone_stack.worker()
    PhoneNumber.objects.filter(number=NUMBER).delete()
    stack_twilio.own(NUMBER)
    staff.sets_up_the_bridge()
    staff.enters_the_account(receptionist)
    assert phone_stack.sip
    phone_stack.sip.kill()
    try:
        number = visited(phone_stack, staff.connects(receptionist))
    finally:
        phone_stack.sip.start()
    troubles = [found["words"] for found in number.findings if found["mend"]]
    assert len(troubles) == 1 and "SIP bridge does not answer" in troubles[0]
