"""Where tools may connect to, and who answers there: real sockets, real TLS."""

import gzip
import socket
from pathlib import Path

import pytest
import trustme
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from tests.tools_app.asking import failure, get, resolving, trusting
from tests.tools_app.http_servers import answering, closed_port
from tools_app.network.guarded_socket import trusted


async def test_nothing_listens(settings: Settings) -> None:
    settings.TOOLS_MAY_REACH = [("127.0.0.1", None)]
    failed = await failure(f"http://127.0.0.1:{closed_port()}/")
    assert "refuses connections" in failed.detail
    assert not failed.was_sent


async def test_name_that_dns_does_not_know() -> None:
    failed = await failure("http://no-such-host.invalid/")
    assert "DNS knows no no-such-host.invalid" in failed.detail


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",  # noqa: S104
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "169.254.169.254",
    ],
)
async def test_private_address_is_refused_in_every_form(
    host: str, endpoint: HTTPServer, settings: Settings
) -> None:
    settings.TOOLS_MAY_REACH = []
    endpoint.expect_request("/").respond_with_data("reached")
    failed = await failure(f"http://{host}:{endpoint.port}/")
    assert "private address" in failed.detail
    assert not endpoint.log


async def test_name_that_changes_its_address_is_checked_each_time(
    endpoint: HTTPServer, settings: Settings
) -> None:
    settings.TOOLS_MAY_REACH = [("127.0.0.1", endpoint.port)]
    answering(endpoint)
    url = f"http://api.example.test:{endpoint.port}/"
    resolve = resolving("127.0.0.1", "127.0.0.2")
    assert (await get(url, resolve=resolve)).status == 200
    assert "private address" in (await failure(url, resolve=resolve)).detail


async def test_checked_address_is_the_one_connected_to(endpoint: HTTPServer) -> None:
    """The system's own DNS knows no such name, and would lead elsewhere."""
    answering(endpoint)
    url = f"http://api.example.test:{endpoint.port}/"
    assert (await get(url, resolve=resolving("127.0.0.1"))).status == 200
    request, _answer = endpoint.log[0]
    assert request.host == f"api.example.test:{endpoint.port}"


async def test_second_address_is_tried_when_the_first_does_not_answer(
    endpoint: HTTPServer, settings: Settings
) -> None:
    settings.TOOLS_MAY_REACH = [("127.0.0.0/8", None)]
    answering(endpoint)

    async def both(_host: str, _port: int) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    url = f"http://api.example.test:{endpoint.port}/"
    assert (await get(url, resolve=both)).status == 200


async def test_redirect_is_not_followed(
    endpoint: HTTPServer, httpserver: HTTPServer, settings: Settings
) -> None:
    settings.TOOLS_MAY_REACH = [("127.0.0.0/8", None)]
    httpserver.expect_request("/secret").respond_with_data("inside")
    there = httpserver.url_for("/secret?token=hush")
    failed = await failure(answering(endpoint, status=302, location=there))
    assert not httpserver.log
    assert "hush" not in failed.detail


async def test_proxy_of_the_environment_is_not_asked(
    endpoint: HTTPServer, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", httpserver.url_for(""))
    assert (await get(answering(endpoint))).status == 200
    assert not httpserver.log


async def test_certificate_of_a_stranger_is_refused(
    secure_endpoint: HTTPServer,
) -> None:
    failed = await failure(secure_endpoint.url_for("/"), retries=3)
    assert "certificate that is not valid" in failed.detail
    assert not secure_endpoint.log


async def test_certificate_is_checked_for_the_name_not_the_address(
    secure_endpoint: HTTPServer, authority: trustme.CA
) -> None:
    answering(secure_endpoint)
    url = f"https://api.example.test:{secure_endpoint.port}/"
    answer = await get(url, resolve=resolving("127.0.0.1"), tls=trusting(authority))
    assert answer.status == 200
    other = url.replace("api.example", "other.example")
    failed = await failure(
        other, resolve=resolving("127.0.0.1"), tls=trusting(authority)
    )
    assert "certificate that is not valid" in failed.detail


async def test_tls_where_none_is_spoken(endpoint: HTTPServer) -> None:
    failed = await failure(f"https://127.0.0.1:{endpoint.port}/")
    assert "speaks no TLS" in failed.detail


async def test_silence_ends_at_the_timeout(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.TOOLS_MAY_REACH = [("127.0.0.1", port)]
        failed = await failure(f"http://127.0.0.1:{port}/", timeout=0.3)
    assert "in time" in failed.detail
    assert failed.was_sent


async def test_answer_that_is_too_large_is_not_read(endpoint: HTTPServer) -> None:
    failed = await failure(answering(endpoint, body="x" * 5_000_000))
    assert "more than 1,000,000 bytes" in failed.detail


async def test_answer_that_unpacks_to_too_much_is_not_read(
    endpoint: HTTPServer,
) -> None:
    endpoint.expect_request("/").respond_with_data(
        gzip.compress(b"x" * 50_000_000), headers={"Content-Encoding": "gzip"}
    )
    failed = await failure(endpoint.url_for("/"))
    assert "more than 1,000,000 bytes" in failed.detail


async def test_attempts_end_where_nothing_listens(settings: Settings) -> None:
    settings.TOOLS_MAY_REACH = [("127.0.0.1", None)]
    resolve = resolving("127.0.0.1", "127.0.0.1", "127.0.0.1")
    url = f"http://api.example.test:{closed_port()}/"
    assert "refuses" in (await failure(url, resolve=resolve, retries=2)).detail
    with pytest.raises(IndexError):
        await resolve("api.example.test", 80)


async def test_private_one_of_several_addresses_is_passed_over(
    endpoint: HTTPServer,
) -> None:
    answering(endpoint)

    async def both(_host: str, _port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    url = f"http://api.example.test:{endpoint.port}/"
    assert (await get(url, resolve=both)).status == 200


async def test_authority_of_the_environment_is_trusted(
    secure_endpoint: HTTPServer,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    trusted.cache_clear()
    answering(secure_endpoint)
    url = f"https://api.example.test:{secure_endpoint.port}/"
    try:
        assert (await get(url, resolve=resolving("127.0.0.1"))).status == 200
    finally:
        trusted.cache_clear()
