"""What staff write of an MCP server."""

from typing import Any

import pytest
from pydantic import ValidationError

from tools_app.mcp.definition import McpDefinition


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ({"url": "mcp.example.com"}, "begin the URL with https://"),
        ({"url": "https://x.test/{token}"}, "token: no secret with a placeholder"),
        ({"headers": {"X-Team": "{team}"}}, "team: no secret with a placeholder"),
        ({"headers": {"Content-Length": "1"}}, "set by the connection itself"),
        (
            {"secrets": [{"name": "a", "place": "placeholder"}]},
            "write {a} into the URL",
        ),
        ({"timeout_seconds": 600}, "less than or equal to 60"),
        ({"transport": "sse"}, "Extra inputs"),
    ],
)
def test_each_fault_is_told_with_its_mend(wrong: dict[str, Any], mend: str) -> None:
    with pytest.raises(ValidationError) as caught:
        McpDefinition.model_validate({"url": "https://mcp.example.com/mcp", **wrong})
    assert mend in caught.value.errors()[0]["msg"]


def test_secrets_make_the_schema_of_their_form() -> None:
    secrets = [{"name": "token", "place": "placeholder", "label": "Server's token"}]
    url = "https://mcp.example.com/{token}/mcp"
    definition = McpDefinition.model_validate({"url": url, "secrets": secrets})
    assert definition.sensitive_schema["required"] == ["token"]
