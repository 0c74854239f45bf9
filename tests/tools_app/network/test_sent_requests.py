"""What is kept of the requests that a tool sends."""

import httpx2

from tools_app.network.sent_requests import SentRequest


def test_no_secret_shows_where_a_request_is_printed() -> None:
    sent = SentRequest.of(
        httpx2.Request(
            "POST",
            "https://example.test/?key=sesame",
            headers={"authorization": "Bearer sesame"},
            content="sesame",
        )
    )
    assert "sesame" in sent.headers["authorization"]
    assert "sesame" not in repr(sent)
