"""What is written down can be written down."""

from tools_app.storable import storable


def test_zero_bytes_and_half_characters_go_however_deep() -> None:
    value = {"na\0me": ["caf\xe9 \ud83d", {"at": "\U0001f600\0"}]}
    assert storable(value) == {"name": ["caf\xe9 ?", {"at": "\U0001f600"}]}


def test_what_is_no_text_stays_as_it_is() -> None:
    assert storable([None, True, 0, 1.5]) == [None, True, 0, 1.5]
