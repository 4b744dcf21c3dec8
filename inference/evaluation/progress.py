"""What a measurement tells while it runs: on stderr, so that stdout holds the table alone."""

from __future__ import annotations

import sys
import time

_begun = time.monotonic()


def tell(text: str) -> None:
    """A line with the seconds since the beginning."""
    sys.stderr.write(f"{time.monotonic() - _begun:6.1f} s  {text}\n")
    sys.stderr.flush()
