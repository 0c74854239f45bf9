"""Is there a key for what is to be sealed?"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from sealed.keys import keyring
from sealed.rows import sealed_columns


@register
def keys_are_there(
    app_configs: Sequence[AppConfig] | None, **_: Any
) -> list[CheckMessage]:
    """Refuse to start without a usable key while some model has sealed columns.

    No key comes with the code, so none of development can be taken into production.
    """
    if not any(sealed_columns()):
        return []
    try:
        keyring()
    except ImproperlyConfigured as problem:
        return [Error(str(problem), id="sealed.E001")]
    return []
