"""The worker says what keeps it from starting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tools_app.code_tools.registry import registry

FAULTY = '''
from tools_app.base import BaseTool, RunContext, ToolMetadata

class LampTool(BaseTool):
    metadata = ToolMetadata(name="Lamp")

    async def switch(self, context: RunContext, on) -> str:
        """Switch the lamp."""
'''


@pytest.fixture
def faulty_lamp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package is installed whose tool has a parameter without a type."""
    (tmp_path / "lamp.py").write_text(FAULTY)
    info = tmp_path / "lamp-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lamp\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[voice_agent_tools]\nlamp = lamp\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry.cache_clear()
    yield
    registry.cache_clear()


def test_faulty_tool_is_named_with_its_file_method_and_parameter(
    faulty_lamp: None, settings: Settings, tmp_path: Path
) -> None:
    settings.SANDBOX_STATE_DIR = tmp_path
    (tmp_path / "ca.pem").touch()
    with pytest.raises(CommandError, match=r"lamp\.py.*LampTool\.switch.*on"):
        call_command("run_voice_worker")


def test_worker_without_a_model_says_how_to_get_one(
    settings: Settings, tmp_path: Path
) -> None:
    settings.SANDBOX_STATE_DIR = tmp_path
    with pytest.raises(CommandError, match="run_sandbox_model"):
        call_command("run_voice_worker")
