"""The cast: two organizations that know nothing of each other, their people, agents.

Alice owns Acme (admin), Ed edits, Vic views; Mallory is admin of Rival and must never
see a row of Acme's.
"""

import pytest
from django.test import Client

from accounts.models import Membership, Organization, Role, User
from agents_app.models import Agent
from telephony_app.models import WorkerHeartbeat

pytest_plugins = ["tests.servers.fixtures", "tests.standins.fixtures"]


def member(name: str, organization: Organization, role: Role) -> User:
    """A staff member of the organization in this role."""
    user = User.objects.create_user(name, password=f"{name}-password", is_staff=True)
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


@pytest.fixture
def acme(db: None) -> Organization:
    """The organization most tests are about."""
    return Organization.objects.create(name="Acme")


@pytest.fixture
def rival(db: None) -> Organization:
    """An organization that must not see Acme's rows."""
    return Organization.objects.create(name="Rival")


@pytest.fixture
def alice(acme: Organization) -> User:
    """Acme's admin."""
    return member("alice", acme, Role.ADMIN)


@pytest.fixture
def ed(acme: Organization) -> User:
    """Acme's editor."""
    return member("ed", acme, Role.EDITOR)


@pytest.fixture
def vic(acme: Organization) -> User:
    """Acme's viewer."""
    return member("vic", acme, Role.VIEWER)


@pytest.fixture
def mallory(rival: Organization) -> User:
    """Rival's admin, a stranger to Acme."""
    return member("mallory", rival, Role.ADMIN)


@pytest.fixture
def agent(acme: Organization) -> Agent:
    """Acme's published agent, which takes calls."""
    agent = Agent.objects.create(organization=acme, name="Ava")
    agent.publish()
    return agent


@pytest.fixture
def worker(db: None) -> WorkerHeartbeat:
    """A voice worker that is alive, with two places."""
    return WorkerHeartbeat.objects.create(
        name="worker-1", agent_name="phone-agent", places=2
    )


@pytest.fixture
def as_ed(client: Client, ed: User) -> Client:
    """A browser in which Acme's editor is signed in."""
    client.force_login(ed)
    return client
