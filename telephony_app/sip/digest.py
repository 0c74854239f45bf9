"""Passwords without sending them: RFC 7616 with MD5, which is what SIP trunks speak."""

import hashlib
import re
import secrets

_FIELD = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')


def fields(value: str) -> dict[str, str]:
    """The fields of a challenge or an answer."""
    return {
        name.lower(): quoted or bare for name, quoted, bare in _FIELD.findall(value)
    }


def challenge(realm: str) -> str:
    """Ask for a password."""
    nonce = secrets.token_hex(16)
    return f'Digest realm="{realm}", nonce="{nonce}", algorithm=MD5, qop="auth"'


def answer(
    asked: str, *, method: str, uri: str, user: str, password: str, cnonce: str = ""
) -> str:
    """The answer to a challenge; raises ValueError for one that we cannot answer."""
    given = fields(asked)
    if given.get("algorithm", "MD5").upper() != "MD5" or "nonce" not in given:
        raise ValueError("The challenge asks for something else than MD5.")
    told = {
        "username": user,
        "realm": given.get("realm", ""),
        "nonce": given["nonce"],
        "uri": uri,
    }
    if "auth" in given.get("qop", "").replace(" ", "").split(","):
        told |= {"qop": "auth", "nc": "00000001"}
        told["cnonce"] = cnonce or secrets.token_hex(8)
    told["response"] = _response(told, method=method, password=password)
    told |= {name: given[name] for name in ("opaque", "algorithm") if name in given}
    return "Digest " + ", ".join(_written(name, value) for name, value in told.items())


def is_right(
    answered: str, *, asked: str, method: str, user: str, password: str
) -> bool:
    """Whether this answers our challenge with the right password."""
    told, given = fields(answered), fields(asked)
    if told.get("username") != user or told.get("nonce") != given["nonce"]:
        return False
    right = _response(told, method=method, password=password)
    return secrets.compare_digest(told.get("response", ""), right)


def _response(told: dict[str, str], *, method: str, password: str) -> str:
    who = _md5(f"{told['username']}:{told['realm']}:{password}")
    what = _md5(f"{method}:{told['uri']}")
    between = [told["nonce"]]
    if "qop" in told:
        between += [told["nc"], told["cnonce"], told["qop"]]
    return _md5(":".join([who, *between, what]))


def _md5(text: str) -> str:
    # The protocol names the algorithm; it protects no stored password.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _written(name: str, value: str) -> str:
    bare = name in ("qop", "nc", "algorithm")
    return f"{name}={value}" if bare else f'{name}="{value}"'
