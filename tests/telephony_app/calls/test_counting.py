"""How the statement that counts places is carried out."""

import pytest
from django.db import connection

from telephony_app.calls import counting


@pytest.mark.django_db
def test_open_calls_are_found_by_their_index() -> None:
    known = {"fresh": None, "minute": None, "hour": None, "limit": 1}
    about = {"number": 0, "organization": 0, "caller": ""}
    is_postgresql = connection.vendor == "postgresql"
    explain = "explain " if is_postgresql else "explain query plan "
    with connection.cursor() as cursor:
        if is_postgresql:  # of an empty table it reads all, unless that is dear
            cursor.execute("set local enable_seqscan = off")
        cursor.execute(explain + counting.COUNT, known | about)
        plan = str(cursor.fetchall())
    assert "call_open" in plan
