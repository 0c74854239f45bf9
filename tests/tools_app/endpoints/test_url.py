"""URLs that staff write."""

import pytest
from pydantic import TypeAdapter, ValidationError

from tools_app.endpoints.url import EndpointUrl, fill_url
from tools_app.errors import ToolError

URL = TypeAdapter(EndpointUrl)


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("api.example.com/x", "begin the URL with https://"),
        ("ftp://api.example.com/x", "begin the URL with https://"),
        ("file:///etc/passwd", "begin the URL with https://"),
        ("https://{host}/x", "not in the host"),
        ("https://api.{host}.com:1/x", "not in the host"),
        ("https://me:hush@api.example.com/", "make them a secret"),
        ("https://api.example.com/x?q={q}", "as query parameters"),
        ("https://api.example.com/x#part", "leave out #"),
        ("https://", "check the host"),
        ("https://api.example.com:99999/", "check the host"),
        ("https://0177.0.0.1/", "check the host"),
        ("https://api.example.com/{a-b}", "no placeholder"),
    ],
)
def test_url_that_cannot_be_used_is_told_with_its_mend(url: str, mend: str) -> None:
    with pytest.raises(ValidationError) as caught:
        URL.validate_python(url)
    assert mend in caught.value.errors()[0]["msg"]
    assert "hush" not in caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "http://billing.internal:8080/v1/{id}/items",
        "https://[2606:2800::1]/x?fixed=1&b=2",
    ],
)
def test_ordinary_url_is_taken_as_it_is(url: str) -> None:
    assert URL.validate_python(f" {url} ") == url


def test_values_are_encoded_into_their_part_of_the_path() -> None:
    url = fill_url("https://x.test/a/{id}/b?c=1", {"id": "1/2?x#y z"})
    assert str(url) == "https://x.test/a/1%2F2%3Fx%23y%20z/b?c=1"


@pytest.mark.parametrize("value", ["..", ".", ""])
def test_value_cannot_leave_its_part_of_the_path(value: str) -> None:
    with pytest.raises(ToolError, match="id must be a name or number"):
        fill_url("https://x.test/orders/{id}/admin", {"id": value})


def test_two_values_of_one_part_cannot_leave_it_together() -> None:
    with pytest.raises(ToolError, match="a, b must be"):
        fill_url("https://x.test/orders/{a}{b}", {"a": ".", "b": "."})
