"""`platform/` is a plain folder: the standard library owns its name."""

import platform

from config.env import BASE_DIR
from tests.platform.process import python


def test_platform_is_still_the_standard_library() -> None:
    assert platform.system()
    assert not (BASE_DIR / "platform" / "__init__.py").exists()


def test_standard_library_is_found_from_the_project_folder() -> None:
    code = "import platform, uuid, config; print(platform.system())"
    assert python(code).stdout.strip() == platform.system()
