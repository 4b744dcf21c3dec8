"""`python -m inference.server`: HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator

import uvicorn
import uvloop

from inference.garbage import look_less_for_garbage
from inference.server.app import create_app
from inference.settings import Settings
from inference.telemetry import set_up_logging, until_told_to_stop


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
    look_less_for_garbage()
    await until_told_to_stop(serving)
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Captures none: until_told_to_stop hears them."""
        yield


if __name__ == "__main__":
    set_up_logging("server")
    uvloop.run(serve(Settings()))
