"""Files that hold secrets."""

import json
import os
from pathlib import Path
from typing import Any


def write_for_owner(file: Path, content: dict[str, Any]) -> None:
    """Write a configuration that nobody but its owner may read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with open(os.open(file, flags, 0o600), "w") as opened:
        # JSON is YAML.
        json.dump(content, opened, indent=2)
