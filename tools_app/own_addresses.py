"""The addresses that an agent's tool was given: where its secrets go.

An editor writes the settings and secrets of an agent's tool, an admin those of the
organization. Whoever could change an address alone would have a key that he does not
know sent to a place of his own.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.views.decorators.debug import sensitive_variables

from sealed.handle import Sealed

Addresses = dict[str, str]
"""The names of the settings and secrets that hold an address, by its digest: an address
may have a key in it."""


def addresses_in(given: Mapping[str, Any]) -> Addresses:
    """Those in settings, or in secrets that are in the clear anyway."""
    return {
        hashlib.sha256(address.encode(errors="replace")).hexdigest(): name
        for name, value in given.items()
        for address in str(value).split()
        if is_address(address)
    }


def is_address(word: str) -> bool:
    """Whether a word says where on the net something is."""
    return "://" in word


@sensitive_variables()
def addresses_of(sealed: Sealed) -> Addresses:
    """Those in stored secrets; raises `SealBroken`."""
    return addresses_in(sealed.reveal())
