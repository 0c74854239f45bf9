"""The door through which tools speak HTTP, against real servers."""

import asyncio
import logging
import time
import traceback

import httpx2
import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from tests.tools_app.asking import failure, get
from tests.tools_app.http_servers import (
    answering,
    closed_port,
    dripping,
    failing_at_first,
)
from tools_app.http import open_client, send
from tools_app.http_failures import HttpFailure

SECRET = "sesame"


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


async def test_slow_drip_ends_at_the_deadline(endpoint: HTTPServer) -> None:
    failed = await failure(dripping(endpoint), deadline=0.5, retries=5)
    assert "in time" in failed.detail
    assert len(endpoint.log) <= 1


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
    assert (await failure(url, retries=3)).status == 429
    assert len(endpoint.log) == 1


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
