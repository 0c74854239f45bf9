"""The command: an environment of its own first, then the measuring."""

import argparse
import logging
import os
import signal
import sys
from typing import NoReturn

MEASURES = (
    "greeting",
    "turns",
    "live",
    "burst",
    "loading",
    "tools",
    "phone",
    "webhook",
)
FOREIGN = (
    "STATE_DIR",
    "DATABASE_URL",
    "REDIS_URL",
    "LIVEKIT_URL",
    "SIP_HOST",
    "SANDBOX_MODEL_URL",
    "GOOGLE_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
)


def main() -> None:
    """Measure; ends with 1 and the reason when a process did not do its part."""
    signal.signal(signal.SIGTERM, _leave)
    chosen = _options()
    _set_up()
    logging.basicConfig(
        format="%(asctime)s %(message)s", level=logging.WARNING, force=True
    )
    from tests.benchmarks.caller import NoAnswer
    from tests.benchmarks.run import run

    try:
        run(chosen.only or list(MEASURES), rounds=chosen.rounds)
    except (AssertionError, NoAnswer) as problem:
        sys.exit(f"The run was ended. {problem}")
    finally:
        # The client of LiveKit's API lives as long as the process, and says so.
        logging.disable()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--only", action="append", choices=MEASURES)
    parser.add_argument("--rounds", type=int, default=10, metavar="N")
    return parser.parse_args()


def _set_up() -> None:
    """Free ports, an empty SQLite and the sandbox model, whatever is set outside."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _leave(*_: object) -> NoReturn:
    """SIGTERM: leave by way of every `finally`, which ends what was started."""
    sys.exit(1)


main()
