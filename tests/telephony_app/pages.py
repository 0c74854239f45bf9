"""Pages of the telephone as staff meet them."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User

ADMIN = "admin:telephony_app_"


def url_of(row: Model, view: str = "change", *args: Any) -> str:
    """A page of the row."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{view}"
    return reverse(name, args=[row.pk, *args])


def page(client: Client, url: str) -> str:
    """The text of a page that must be there."""
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return answer.text


def errors_of(answer: Any) -> dict[str, list[str]]:
    """What a form of the admin complained of, by field."""
    form = answer.context["adminform"].form
    return {name: list(words) for name, words in form.errors.items()}


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    """A browser in which Acme's admin is signed in."""
    client.force_login(alice)
    return client


@pytest.fixture
def as_vic(client: Client, vic: User) -> Client:
    """A browser in which Acme's viewer is signed in."""
    client.force_login(vic)
    return client


@pytest.fixture
def at_once() -> Iterator[None]:
    """Tasks run where they are sent."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False
