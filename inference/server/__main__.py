"""`python -m inference.server`: HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Generator

import uvicorn
import uvloop

from inference.server.app import create_app
from inference.settings import Settings
from inference.telemetry import set_up_logging, until_told_to_stop

# Seconds after which the start is over.
_SETTLED_SECONDS = 5.0


async def serve(settings: Settings) -> None:
    """Serves until told to stop, then lets requests under way end for a moment."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=75,
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=settings.max_body_bytes,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    asyncio.get_running_loop().call_later(_SETTLED_SECONDS, _look_less_for_garbage)
    await until_told_to_stop(serving)
    server.should_exit = True
    await serving


def _look_less_for_garbage() -> None:
    """What is there after the start stays: the collector need not look through it again with every few requests. What
    requests leave behind is freed by counting references, save for rare cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Captures none: until_told_to_stop hears them."""
        yield


if __name__ == "__main__":
    set_up_logging("server")
    uvloop.run(serve(Settings()))
