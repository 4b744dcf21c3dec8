"""`python -m inference.composer`: a worker."""

from __future__ import annotations

import uvloop

from inference.composer.worker import work
from inference.settings import Settings
from inference.telemetry import set_up_logging

if __name__ == "__main__":
    set_up_logging("worker")
    uvloop.run(work(Settings()))
