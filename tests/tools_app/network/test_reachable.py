"""Which addresses tools may connect to."""

from ipaddress import ip_address

import pytest
from pytest_django import Settings

from tools_app.network.reachable import is_public, may_reach


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_private_and_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("place", "host", "port", "reachable"),
    [
        (("billing.internal", 8080), "billing.internal", 8080, True),
        (("billing.internal", 8080), "Billing.Internal.", 8080, True),
        (("billing.internal", 8080), "billing.internal", 22, False),
        (("billing.internal", 8080), "other.internal", 8080, False),
        (("10.1.0.5", 8080), "billing.internal", 8080, True),
        (("10.1.0.0/16", None), "billing.internal", 22, True),
        (("10.2.0.0/16", None), "billing.internal", 22, False),
        (("::1/128", None), "billing.internal", 22, False),
    ],
)
def test_private_place_is_reached_when_it_was_allowed(
    place: tuple[str, int | None],
    host: str,
    port: int,
    reachable: bool,
    settings: Settings,
) -> None:
    settings.TOOLS_MAY_REACH = [place]
    assert may_reach("10.1.0.5", host, port) is reachable


def test_nothing_private_is_reached_by_default(settings: Settings) -> None:
    assert settings.TOOLS_MAY_REACH == []
    assert not may_reach("127.0.0.1", "localhost", 80)
