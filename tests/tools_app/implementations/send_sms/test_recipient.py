"""Where text messages may go."""

import pytest

from tools_app.errors import ToolError
from tools_app.implementations.send_sms.recipient import recipient


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+49 170 1234567", "+491701234567"),
        ("0170 1234567", "+491701234567"),
        ("0049-170-1234567", "+491701234567"),
        ("+43 664 1234567", "+436641234567"),
    ],
)
def test_number_is_read_as_people_say_it(written: str, number: str) -> None:
    assert recipient(written, ["DE", "AT"]) == number


@pytest.mark.parametrize("written", ["12", "my mobile", "+49", "", "+4917012345678901"])
def test_what_is_no_number_is_asked_for_again(written: str) -> None:
    with pytest.raises(ToolError, match="digit by digit"):
        recipient(written, ["DE"])


def test_other_countries_get_none_and_staff_see_which() -> None:
    with pytest.raises(ToolError, match="cannot be sent") as caught:
        recipient("+1 212 555 2368", ["DE"])
    assert "a number of US; allowed are DE" in caught.value.detail


def test_same_code_of_another_country_does_not_count() -> None:
    with pytest.raises(ToolError, match="cannot be sent"):
        recipient("+1 876 555 1234", ["US"])


def test_costly_numbers_get_none() -> None:
    with pytest.raises(ToolError, match="cannot be sent"):
        recipient("+49 900 1 123456", ["DE"])
