"""What differs between two pictures of an agent."""

from agents_app.config import AgentConfig
from agents_app.differences import Line, differences

AVA = AgentConfig(name="Ava").model_dump()


def test_equal_pictures_do_not_differ() -> None:
    assert differences(AVA, dict(AVA)) == []


def test_choice_is_told_by_its_label() -> None:
    [found] = differences(AVA, AVA | {"voice": "Kore"})
    assert found.label == "Voice"
    assert found.lines == [Line("removed", "Puck, upbeat"), Line("added", "Kore, firm")]


def test_fields_are_named_as_on_the_form() -> None:
    changed = AVA | {"max_call_seconds": 60, "system_prompt": "Be brief."}
    assert [d.label for d in differences(AVA, changed)] == ["Prompt", "Longest call"]


def test_long_prompt_shows_what_changed_and_its_surroundings() -> None:
    lines = [f"line {n}" for n in range(1, 31)]
    old = AVA | {"system_prompt": "\n".join(lines)}
    lines[14] = "line fifteen"
    lines[24:25] = []
    [found] = differences(old, AVA | {"system_prompt": "\n".join(lines)})
    told = [(line.kind, line.text) for line in found.lines]
    assert told == [
        ("gap", ""),
        ("same", "line 13"),
        ("same", "line 14"),
        ("removed", "line 15"),
        ("added", "line fifteen"),
        ("same", "line 16"),
        ("same", "line 17"),
        ("gap", ""),
        ("same", "line 23"),
        ("same", "line 24"),
        ("removed", "line 25"),
        ("same", "line 26"),
        ("same", "line 27"),
    ]


def test_line_that_looks_like_a_sign_is_kept_whole() -> None:
    [found] = differences(
        AVA | {"system_prompt": "++ a"}, AVA | {"system_prompt": "-- b"}
    )
    assert found.lines == [Line("removed", "++ a"), Line("added", "-- b")]


def test_field_that_an_old_version_lacks_is_added() -> None:
    old = {name: value for name, value in AVA.items() if name != "farewell"}
    [found] = differences(old, AVA)
    assert [line.kind for line in found.lines] == ["added"]


def test_variables_differ_line_by_line() -> None:
    old = AVA | {"variables": {"day": "today", "name": "there"}}
    [found] = differences(old, old | {"variables": {"day": "now", "name": "there"}})
    told = [(line.kind, line.text) for line in found.lines]
    assert told[:2] == [("removed", "day = today"), ("added", "day = now")]
