"""Which addresses tools may connect to: the public internet, and what was allowed.

A URL that staff or a server wrote must not lead into the machine that runs it, the
networks around it, or a cloud's metadata (https://owasp.org/Top10 A10:2021, server-side
request forgery).
"""

from ipaddress import (
    IPv4Address,
    IPv6Address,
    ip_address,
    ip_network,
)

from django.conf import settings

Address = IPv4Address | IPv6Address

# IPv4 inside IPv6 for networks without IPv4 (RFC 6052, 2.1).
NAT64 = ip_network("64:ff9b::/96")
# Clouds keep metadata under these addresses, which Python takes for public ones:
# https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16,
# and 192.0.0.192 of Oracle's, in the IETF's own block (RFC 6890, 2.2.2).
CLOUDS = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"))


def may_reach(address: str, host: str, port: int) -> bool:
    """Whether tools may connect to this address, which the host's name led to."""
    found = ip_address(address)
    return is_public(found) or any(
        _covers(*place, found, host, port) for place in settings.TOOLS_MAY_REACH
    )


def is_public(address: Address) -> bool:
    """Whether it is an ordinary address of the internet."""
    if (inner := _inside(address)) is not None:
        return is_public(inner)
    special = address.is_multicast or address.is_reserved
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    metadata = any(address in network for network in CLOUDS)
    return address.is_global and not (special or site_local or metadata)


def _inside(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _covers(
    allowed: str, allowed_port: int | None, address: Address, host: str, port: int
) -> bool:
    """Whether an allowed place is this one: by its name, or by its address."""
    if allowed_port not in (None, port):
        return False
    if allowed == host.lower().rstrip("."):
        return True
    try:
        return address in ip_network(allowed)
    except ValueError:
        return False
