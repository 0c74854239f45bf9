"""What the model knows functions by."""

from tools_app.functions.declarations import NAME
from tools_app.functions.naming import function_names


def test_function_keeps_its_name_where_no_other_tool_has_it() -> None:
    names = function_names({"work": ["book"], "home": ["lights"]})
    assert names == {("work", "book"): "book", ("home", "lights"): "lights"}


def test_functions_of_one_name_begin_with_their_tools() -> None:
    names = function_names({"work": ["book", "list"], "home": ["book"]})
    assert names["work", "book"] == "work_book"
    assert names["home", "book"] == "home_book"
    assert names["work", "list"] == "list"


def test_prefixed_name_does_not_meet_one_that_is_so_by_itself() -> None:
    names = function_names({"a": ["b"], "c": ["b"], "d": ["a_b"]})
    assert len(set(names.values())) == 3
    assert names["d", "a_b"] == "a_b"


def test_names_that_are_too_long_stay_different_and_fit() -> None:
    long = "f" * 64
    names = function_names({"first-tool": [long], "second-tool": [long]})
    assert len(set(names.values())) == 2
    assert all(NAME.fullmatch(name) for name in names.values())


def test_tool_whose_name_begins_with_a_digit_fits() -> None:
    names = function_names({"1st": ["go"], "2nd": ["go"]})
    assert all(NAME.fullmatch(name) for name in names.values())
