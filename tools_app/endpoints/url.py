"""The URLs that staff write for endpoints and MCP servers."""

from typing import Annotated
from urllib.parse import quote

import httpx2
from pydantic import AfterValidator, Field

from tools_app.endpoints.placeholders import Values, fill_text, names_in
from tools_app.errors import ToolError


def _checked(url: str) -> str:
    """A URL whose path may have placeholders; raises ValueError with the mend."""
    scheme, separator, rest = url.strip().partition("://")
    if not separator or scheme.lower() not in ("https", "http"):
        raise ValueError("begin the URL with https:// (or http:// inside a network)")
    host, slash, path = rest.partition("/")
    if "{" in host:
        raise ValueError("placeholders may stand in the path only, not in the host")
    if "@" in host:
        raise ValueError("take name and password out of the URL: make them a secret")
    path, _, query = path.partition("?")
    if "{" in query:
        raise ValueError("write what follows the question mark as query parameters")
    if "#" in rest:
        raise ValueError("leave out # and what follows: it is never sent")
    list(names_in(path))
    return _parsed(f"{scheme.lower()}://{host}{slash}{path}", query)


def _parsed(address: str, query: str) -> str:
    try:
        url = httpx2.URL(f"{address}?{query}" if query else address)
        port_fits = url.port is None or 0 < url.port < 65_536
    except (httpx2.InvalidURL, ValueError):
        raise ValueError("this is no URL: check the host and the port") from None
    if not url.host or not port_fits:
        raise ValueError("this is no URL: check the host and the port")
    return f"{address}?{query}" if query else address


EndpointUrl = Annotated[str, Field(max_length=2000), AfterValidator(_checked)]


def fill_url(template: str, values: Values) -> httpx2.URL:
    """The URL with its values, none of which can leave its part of the path.

    Raises `ToolError` for one that would.
    """
    address, question, query = template.partition("?")
    start = address.index("/", address.index("://") + 3) if _has_path(address) else None
    if start is None:
        return httpx2.URL(template)
    parts = [_segment(part, values) for part in address[start:].split("/")]
    return httpx2.URL(f"{address[:start]}{'/'.join(parts)}{question}{query}")


def _has_path(address: str) -> bool:
    return "/" in address.partition("://")[2]


def _segment(template: str, values: Values) -> str:
    """One part of the path; `..` would lead up, and nothing to its neighbour."""
    names = list(names_in(template))
    filled = fill_text(template, values, lambda text: quote(text, safe=""))
    if names and filled in ("", ".", ".."):
        raise ToolError(
            f"Wrong arguments: {', '.join(names)} must be a name or number."
        )
    return filled
