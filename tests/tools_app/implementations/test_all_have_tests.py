"""No built-in tool without a test of its own."""

from pathlib import Path

from tools_app import implementations

SOURCE = Path(implementations.__file__).parent
TESTS = Path(__file__).parent


def tools() -> list[Path]:
    """The modules and packages that are tools."""
    return [p for p in SOURCE.iterdir() if not p.name.startswith("_")]


def has_test(tool: Path) -> bool:
    """Whether there is a test file at the tool's place in the tests' tree."""
    inside = "test_tool.py" if tool.is_dir() else ""
    name = tool.name if tool.is_dir() else f"test_{tool.name}"
    return (TESTS / name / inside).is_file()


def test_every_tool_has_a_test() -> None:
    assert len(tools()) >= 5
    assert [tool.name for tool in tools() if not has_test(tool)] == []
