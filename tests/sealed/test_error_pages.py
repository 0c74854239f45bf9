"""Error pages and reports: what fails while a secret is in hand does not show it."""

import sys
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.views.debug import get_exception_reporter_class
from pytest_django import Settings

from sealed.handle import Sealed
from tools_app.models import ToolSecret

# Put together, since a page shows the lines of this file too.
AS_SHOWN = "-".join(["sk-planted", "5ecret-a1b2"])


def page(fails: Callable[[], object], posted: dict[str, str] | None = None) -> str:
    """What is shown, and mailed, when this fails."""
    request = RequestFactory().post("/", posted or {})
    try:
        fails()
    except (ImproperlyConfigured, TypeError, ZeroDivisionError):
        reporter = get_exception_reporter_class(request)(request, *sys.exc_info())
        return reporter.get_traceback_html() + reporter.get_traceback_text()
    raise AssertionError("It did not fail.")


class Typed:
    """Secrets as a form hands them over."""

    secrets = {"pin": AS_SHOWN}
    no_json = {"pin": AS_SHOWN, "odd": object()}


@pytest.fixture(params=[True, False], ids=["debug", "production"])
def debug(request: pytest.FixtureRequest, settings: Settings) -> bool:
    """Both kinds of site."""
    settings.DEBUG = request.param
    return bool(request.param)


@pytest.mark.parametrize(
    "fails",
    [
        lambda: Sealed.of(Typed.secrets),
        lambda: Sealed().changed_by(Typed.secrets),
        lambda: ToolSecret(secrets=Typed.secrets),
        lambda: setattr(ToolSecret(), "secrets", Typed.secrets),
    ],
    ids=["seal", "change", "make a row", "assign"],
)
def test_sealing_without_a_key(
    debug: bool, settings: Settings, fails: Callable[[], object]
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = []
    assert AS_SHOWN not in page(fails)


def test_sealing_what_is_no_json(debug: bool) -> None:
    assert AS_SHOWN not in page(lambda: Sealed.of(Typed.no_json))


def test_secret_that_a_form_sent(debug: bool) -> None:
    shown = page(lambda: 1 / 0, {"secret__pin": AS_SHOWN, "name": "kept-name"})
    assert AS_SHOWN not in shown
    assert "kept-name" in shown


def test_keys_in_the_settings(debug: bool, settings: Settings) -> None:
    assert settings.FIELD_ENCRYPTION_KEYS[0] not in page(lambda: 1 / 0)
