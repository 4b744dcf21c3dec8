"""What the devices hold now: measured in a thread, since the kernel walks a process's pages to tell its memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from inference.models.models import MemoryPoint
from inference.runner.devices import Gpus, held_by, host_budget, places, tree_pids, tree_pss
from inference.runner.machine import memory_use
from inference.runner.slots import MIB

if TYPE_CHECKING:
    from inference.runner.devices import GpuReading
    from inference.runner.machine import MemoryUse
    from inference.runner.policy import Place, Share

HISTORY = timedelta(hours=1)
HISTORY_STEP = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Root:
    """A model's process, and what it was given: where the driver does not tell, it is taken to hold that."""

    pid: int
    given: Share


@dataclass(frozen=True, slots=True)
class Reading:
    """The devices as places for models, their use by all, and what each model's processes hold."""

    places: tuple[Place, ...]
    host: MemoryUse
    gpus: tuple[GpuReading, ...]
    shares: Mapping[str, Share]


class Gauge:
    """Reads memory. `limit`: the most bytes of the machine's memory that models may have, None for all of it."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._gpus = Gpus.open()
        self._history: deque[MemoryPoint] = deque()

    def read(self, roots: Mapping[str, Root]) -> Reading:
        """`roots`: those of each model. Blocks for some milliseconds a GiB."""
        # The devices first: what a model takes meanwhile then counts as its own, not as held by others.
        host, gpus = memory_use(), tuple(self._gpus.read())
        shares = {model: self._share(root, gpus) for model, root in roots.items()}
        together: dict[str, int] = {}
        for share in shares.values():
            for device, size in share.items():
                together[device] = together.get(device, 0) + size
        return Reading(tuple(places(gpus, host_budget(self._limit), together)), host, gpus, shares)

    def share(self, root: Root) -> Share:
        """What one engine's processes hold."""
        return self._share(root, self._gpus.read())

    def keep(self, reading: Reading) -> None:
        """Adds to the history, when its time has come."""
        now = datetime.now(UTC)
        if self._history and now - self._history[-1].at < HISTORY_STEP:
            return
        used = {"cpu": reading.host.used, **{gpu.id: gpu.used for gpu in reading.gpus}}
        for device, size in used.items():
            held = sum(share.get(device, 0) for share in reading.shares.values())
            self._history.append(
                MemoryPoint(at=now, device=device, used_mb=round(size / MIB, 1), models_mb=round(held / MIB, 1))
            )
        while self._history and now - self._history[0].at > HISTORY:
            self._history.popleft()

    @property
    def history(self) -> list[MemoryPoint]:
        """The last hour, oldest first."""
        return list(self._history)

    def close(self) -> None:
        self._gpus.close()

    @staticmethod
    def _share(root: Root, gpus: Sequence[GpuReading]) -> Share:
        return {"cpu": tree_pss(root.pid), **(held_by(gpus, tree_pids(root.pid), root.given) if gpus else {})}
