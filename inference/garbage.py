"""Less work for the garbage collector in processes that live long."""

from __future__ import annotations

import asyncio
import gc

# After which a start is over: imports, connections, the first look at the queue.
_SETTLED_SECONDS = 2.0


def look_less_for_garbage() -> None:
    """A little later: what is there after the start stays, so the collector need not look through it again with every
    few requests. What requests leave behind is freed by counting references, save for rare cycles. To be called once,
    in the event loop of the process."""
    asyncio.get_running_loop().call_later(_SETTLED_SECONDS, _settle)


def _settle() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
