"""`python -m inference.runner`: the runner's process."""

from __future__ import annotations

import asyncio
import logging
import sys

import uvloop

from inference.errors import PenstockError
from inference.runner.app import serve
from inference.settings import Settings
from inference.telemetry import set_up_logging


def main() -> int:
    set_up_logging("runner")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(Settings()))
    except (PenstockError, OSError) as error:
        logging.error("The runner cannot start: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
