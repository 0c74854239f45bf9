"""The door through which tools speak HTTP, against real servers."""

import asyncio
import gzip
import logging
import socket
import ssl
import time
import traceback
from pathlib import Path
from typing import Any

import httpx2
import pytest
import trustme
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from tests.tools_app.endpoints import answering, closed_port, dripping, failing_at_first
from tools_app.guarded_socket import trusted
from tools_app.http import Answer, open_client, send
from tools_app.http_failures import HttpFailure

SECRET = "sesame"


async def get(url: str, method: str = "GET", **how: Any) -> Answer:
    """The answer to a request through the door."""
    door = {name: how.pop(name) for name in ("resolve", "tls") if name in how}
    headers = how.pop("headers", None)
    async with open_client(timeout=how.pop("timeout", 5.0), **door) as client:
        request = client.build_request(method, url, headers=headers)
        return await send(client, request, **how)


async def failure(url: str, method: str = "GET", **how: Any) -> HttpFailure:
    """What a request that must fail says."""
    with pytest.raises(HttpFailure) as caught:
        await get(url, method, **how)
    return caught.value


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """A trust in this authority alone."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def resolving(*answers: str) -> Any:
    """A DNS that gives these answers, one after the other."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> list[str]:
        return [left.pop(0)]

    return resolve


async def test_answer_comes_with_its_json(endpoint: HTTPServer) -> None:
    answer = await get(answering(endpoint, body='{"left": 3}'))
    assert (answer.status, answer.json()) == (200, {"left": 3})


async def test_empty_answer_is_none(endpoint: HTTPServer) -> None:
    assert (await get(answering(endpoint, status=204, body=""))).json() is None


async def test_web_page_is_no_json(endpoint: HTTPServer) -> None:
    url = answering(endpoint, body="<h1>Sign in</h1>", content_type="text/html")
    with pytest.raises(HttpFailure) as caught:
        (await get(url)).json()
    assert "a web page, not JSON" in caught.value.detail
    assert "Sign in" not in caught.value.detail + caught.value.words


@pytest.mark.parametrize(
    ("status", "words", "hint"),
    [
        (302, "cannot be used", "wants to be asked elsewhere"),
        (400, "did not accept", "malformed"),
        (401, "did not let this platform in", "missing, wrong or expired"),
        (403, "did not let this platform in", "permissions"),
        (404, "has nothing", "path of the URL"),
        (405, "cannot be used", "method"),
        (409, "conflicts", "conflicts"),
        (418, "did not accept", "refused"),
        (422, "did not accept", "values"),
        (429, "too busy", "limit"),
        (500, "cannot be reached", "failed by itself"),
        (503, "cannot be reached", "failed by itself"),
    ],
)
async def test_each_status_has_words_and_a_hint(
    status: int, words: str, hint: str, endpoint: HTTPServer
) -> None:
    failed = await failure(answering(endpoint, status=status, body="vendor speaking"))
    assert failed.status == status
    assert words in failed.words
    assert hint in failed.detail
    assert "vendor" not in failed.words + failed.detail


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


async def test_slow_drip_ends_at_the_deadline(endpoint: HTTPServer) -> None:
    begin = time.monotonic()
    failed = await failure(dripping(endpoint), deadline=0.5, retries=5)
    assert "in time" in failed.detail
    assert time.monotonic() - begin < 2


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


async def test_connection_that_breaks_off_is_told(settings: Settings) -> None:
    def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings.TOOLS_MAY_REACH = [("127.0.0.1", port)]
        failed = await failure(f"http://127.0.0.1:{port}/")
    assert "broke off" in failed.detail
    assert failed.was_sent


async def test_idempotent_method_is_sent_again(endpoint: HTTPServer) -> None:
    answer = await get(failing_at_first(endpoint, times=2), retries=2)
    assert answer.json() == {"well": True}
    assert len(endpoint.log) == 3


async def test_retries_end(endpoint: HTTPServer) -> None:
    failed = await failure(answering(endpoint, status=503), retries=2)
    assert failed.status == 503
    assert len(endpoint.log) == 3


@pytest.mark.parametrize(("method", "status"), [("POST", 503), ("GET", 404)])
async def test_what_cannot_help_is_not_sent_again(
    method: str, status: int, endpoint: HTTPServer
) -> None:
    await failure(answering(endpoint, status=status), method, retries=3)
    assert len(endpoint.log) == 1


async def test_server_that_asks_for_patience_gets_it(endpoint: HTTPServer) -> None:
    endpoint.expect_ordered_request("/").respond_with_data(
        status=429, headers={"Retry-After": "1"}
    )
    endpoint.expect_ordered_request("/").respond_with_json({})
    begin = time.monotonic()
    await get(endpoint.url_for("/"), retries=1)
    assert time.monotonic() - begin >= 1


async def test_longer_patience_than_there_is_time_is_told_at_once(
    endpoint: HTTPServer,
) -> None:
    url = answering(endpoint, status=429, retry_after="60")
    begin = time.monotonic()
    assert (await failure(url, retries=3)).status == 429
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize("status", [200, 302, 401, 500])
async def test_secrets_are_in_no_log_and_no_error(
    status: int, endpoint: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = answering(endpoint, status=status, body=SECRET)
    try:
        await get(f"{url}?key={SECRET}", headers={"X-Key": SECRET})
    except HttpFailure as error:
        told = "".join(traceback.format_exception(error)) + error.detail + repr(error)
        assert SECRET not in told
    ours = [r for r in caplog.records if r.name != "werkzeug"]
    assert SECRET not in str([vars(record) for record in ours])


async def test_header_of_another_alphabet_is_sent_as_utf8(endpoint: HTTPServer) -> None:
    url = answering(endpoint)
    async with open_client(headers={"X-Name": "Zoë"}) as client:
        await send(client, httpx2.Request("GET", url, headers=client.headers))
    assert endpoint.log[0][0].headers["X-Name"].encode("latin-1").decode() == "Zoë"


@pytest.mark.parametrize(
    ("method", "status", "is_said"),
    [("POST", 502, True), ("POST", 422, False), ("GET", 502, False)],
)
async def test_change_that_may_have_been_done_is_said(
    method: str, status: int, is_said: bool, endpoint: HTTPServer
) -> None:
    failed = await failure(answering(endpoint, status=status), method)
    assert ("may have been done" in failed.words) is is_said
    assert not (is_said and failed.may_retry)


async def test_change_that_was_not_sent_can_be_tried_again(settings: Settings) -> None:
    settings.TOOLS_MAY_REACH = [("127.0.0.1", None)]
    failed = await failure(f"http://127.0.0.1:{closed_port()}/", "POST")
    assert failed.may_retry and "may have been done" not in failed.words


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
