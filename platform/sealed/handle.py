"""`Sealed`: secrets in hand that show themselves to nobody who does not ask."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn, Self

from django.views.decorators.debug import sensitive_variables

from sealed.keys import seal, unseal

DOTS = "••••"
# Of a short secret the last characters would be half of it.
HINTED_LENGTH = 9


class Sealed:
    """Named secrets, opened only by `reveal()`.

    Printing, formatting and serializing give dots, and pickling is refused: a cache,
    a task's argument or an error page never holds the plain words.
    """

    __slots__ = ("token",)

    def __init__(self, token: str = "") -> None:
        self.token = token

    @classmethod
    @sensitive_variables()
    def of(cls, secrets: Mapping[str, Any]) -> Self:
        """Seal these; empty values are left out."""
        kept = {
            name: value for name, value in secrets.items() if value not in ("", None)
        }
        return cls(seal(json.dumps(kept).encode()) if kept else "")

    @sensitive_variables()
    def reveal(self) -> dict[str, Any]:
        """The secrets in the clear, by name. For the worker, the token refresh and the
        tool test alone; raises `SealBroken`."""
        opened: dict[str, Any] = json.loads(unseal(self.token)) if self.token else {}
        return opened

    @property
    def names(self) -> list[str]:
        """Which secrets there are; raises `SealBroken`."""
        return list(self.reveal())

    @sensitive_variables()
    def hint(self, name: str) -> str:
        """The last four characters of a secret that is long enough to spare them, for
        people to tell keys apart; raises `SealBroken`."""
        value = self.reveal().get(name)
        long_enough = isinstance(value, str) and len(value) >= HINTED_LENGTH
        return f"…{value[-4:]}" if long_enough and value else DOTS if value else ""

    @sensitive_variables()
    def changed_by(
        self, new: Mapping[str, Any], *, without: frozenset[str] = frozenset()
    ) -> "Sealed":
        """These secrets with the new ones that are not blank, less the removed ones."""
        kept = {n: v for n, v in self.reveal().items() if n not in without}
        return Sealed.of(kept | _given(new))

    def __bool__(self) -> bool:
        return bool(self.token)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.token == other.token

    def __hash__(self) -> int:
        return hash(self.token)

    def __repr__(self) -> str:
        return DOTS if self.token else ""

    __str__ = __repr__

    def __format__(self, _: str) -> str:
        return repr(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("Sealed secrets are not pickled: pass the row's id.")


def _given(secrets: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in secrets.items() if value not in ("", None)}
