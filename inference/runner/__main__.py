"""`python -m inference.runner`: the runner's process."""

from __future__ import annotations

import asyncio
import logging
import sys

import uvloop

from inference.errors import PenstockError
from inference.runner.app import serve
from inference.settings import Settings


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s runner %(levelname)s %(message)s")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(Settings()))
    except (PenstockError, OSError) as error:
        logging.error("The runner cannot start: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
