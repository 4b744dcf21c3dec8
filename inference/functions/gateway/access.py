"""What stands between who asks and a model, one for each process."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from db import Listener, Storage
from inference.functions.gateway.known import Known
from inference.functions.gateway.limits import Limits
from inference.functions.gateway.metering import Meter, Tell
from inference.settings import Settings


@dataclass(frozen=True, slots=True)
class Access:
    """What a name stands for, how much may be asked, and what was used."""

    known: Known
    limits: Limits
    meter: Meter


@contextlib.asynccontextmanager
async def open_access(
    storage: Storage, settings: Settings, listener: Listener, tell: Tell | None = None
) -> AsyncGenerator[Access]:
    """Makes the parts and ends them: what was used is written down last. The listener hears `gateway_changed`."""
    known = Known(storage, settings, listener)
    await known.load()
    with known.listening():
        limits, meter = Limits(known, storage, settings.redis_url), Meter(storage, tell)
        try:
            yield Access(known, limits, meter)
        finally:
            await limits.close()
            await meter.close()
