"""The SIP bridge in the admin."""

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from telephony_app.models import SipBridge
from tests.telephony_app.livekit_sip import someones_rule
from tests.telephony_app.pages import ADMIN, page, url_of

LIST = reverse(f"{ADMIN}sipbridge_changelist")


def test_page_is_that_of_the_one_bridge(
    admin_client: Client, settings: Settings
) -> None:
    answer = admin_client.get(LIST, follow=True)
    assert answer.redirect_chain[-1][0] == url_of(SipBridge.current())
    assert settings.SIP_HOST in answer.text and "Not set up yet" in answer.text


def test_page_shows_no_password(admin_client: Client, db: None) -> None:
    bridge = SipBridge.current()
    text = page(admin_client, url_of(bridge))
    assert bridge.username in text
    assert bridge.secrets.reveal()["password"] not in text


def test_button_sets_up_and_says_what_others_left_open(
    admin_client: Client,
    bare_livekit: None,
    at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    someones_rule()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(url_of(SipBridge.current(), "do", "set-up"))
    bridge = SipBridge.current()
    text = page(admin_client, url_of(bridge))
    assert bridge.trunk_id and bridge.trunk_id in text
    assert (
        "dispatch rule &#x27;Lobby&#x27;" in text and "lk sip dispatch delete" in text
    )


def test_who_does_not_run_the_server_has_no_business_there(
    as_alice: Client, db: None
) -> None:
    bridge = SipBridge.current()
    assert as_alice.get(LIST).status_code == 403
    assert as_alice.get(url_of(bridge)).status_code in {302, 403, 404}
    assert as_alice.post(url_of(bridge, "do", "set-up")).status_code in {403, 404}
    assert "SIP bridge" not in page(as_alice, reverse("admin:index"))
