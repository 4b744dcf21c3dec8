"""A process that carries one run until that kills it: python -m tests.storage.dying_process <url> <home> <run>"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from uuid import UUID

import aiohttp
import pytest

from db import Listener, open_objects, open_storage
from inference.composer import Composer
from inference.functions import Context
from inference.runner import FakeRunner
from inference.settings import Settings
from tests.storage.tracing import Trace


async def main(url: str, home: Path, run: UUID) -> None:
    """Returns when the run has ended, which it should not."""
    Trace(home, deadly=True).register(pytest.MonkeyPatch())
    storage, listener = await open_storage(url), Listener(url)
    await listener.start()
    composer = Composer(storage, listener)
    async with aiohttp.ClientSession() as http:
        settings = Settings(home=home)
        engine = composer.open(Context(storage, FakeRunner(), open_objects("", home), http, settings, launch=composer))
        await engine.carry(run)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), UUID(sys.argv[3])))
