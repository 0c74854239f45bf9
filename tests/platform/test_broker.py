"""The broker of one machine: its messages are files, read while others are written."""

from pathlib import Path

import pytest
from kombu import Connection

from tests.platform.process import python


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    """A broker in a folder of its own."""
    named = ("data_folder_in", "data_folder_out", "processed_folder", "control_folder")
    return Connection(
        "filesystem://",
        transport="config.broker:Transport",
        transport_options=dict.fromkeys(named, str(tmp_path)),
    )


def test_messages_are_read_in_the_order_in_which_they_were_sent(
    connection: Connection,
) -> None:
    with connection:
        queue = connection.SimpleQueue("calls")
        for number in range(9):
            queue.put({"number": number})
        read = [queue.get(timeout=5).payload["number"] for _ in range(9)]
    assert read == list(range(9))


def test_message_is_not_to_be_seen_before_it_is_whole(
    connection: Connection, tmp_path: Path
) -> None:
    class Curious:
        seen: list[Path] | None = None

        def __json__(self) -> str:
            self.seen = list(tmp_path.glob("*.msg"))
            return "whole"

    curious = Curious()
    with connection:
        connection.channel()._put("calls", {"text": curious})
    assert curious.seen == []
    [message] = tmp_path.glob("*.calls.msg")
    assert "whole" in message.read_text()


def test_celery_uses_it_where_there_is_no_redis() -> None:
    ask = "from config import celery_app; print(celery_app.connection().transport_cls)"
    found = python(ask, REDIS_URL="").stdout
    assert found.strip() == "config.broker:Transport"
