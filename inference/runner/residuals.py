"""What past loads taught: by how much a model took more, or less, than was estimated, kept in a file of the home."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import cast

log = logging.getLogger(__name__)

MAX_FILE_BYTES = 1 << 20
MAX_ENTRIES = 10_000
_MOST = 1 << 50  # bytes; nothing that was measured is larger


class Residuals:
    """Measured − estimated bytes by engine and model. Belongs to the runner's process, which alone writes the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _read(path)

    def of(self, engine: str, model: str) -> int:
        """What to add to an estimate; 0 where nothing is known, less than 0 where loads took less than estimated."""
        return self._known.get((engine, model), 0)

    def learn(self, engine: str, model: str, *, estimated: int, measured: int) -> None:
        """From a load. `estimated` is without any residual.

        More than was thought counts at once, as the next load must not fail; less counts half, as the next one may
        take more. A file that cannot be written is told in the log: it is learnt again after the next start.
        """
        found, old = measured - estimated, self._known.get((engine, model))
        new = found if old is None or found >= old else (old + found) // 2
        if new == old or abs(new) > _MOST:
            return
        self._known.pop((engine, model), None)
        self._known[engine, model] = new  # the last ones learnt stay when there are too many
        while len(self._known) > MAX_ENTRIES:
            del self._known[next(iter(self._known))]
        try:
            _write(self._path, self._known)
        except OSError as error:
            log.warning("What was learnt of the memory of %s cannot be kept: %s", model, error)


def _read(path: Path) -> dict[tuple[str, str], int]:
    """What the file holds; what makes no sense is left out, and told once."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ValueError(f"it is larger than {MAX_FILE_BYTES} bytes")
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s cannot be read and is begun anew: %s", path, error)
        return {}
    known: dict[tuple[str, str], int] = {}
    engines = cast("dict[str, object]", content) if isinstance(content, dict) else {}
    for engine, models in engines.items():
        for model, size in cast("dict[str, object]", models).items() if isinstance(models, dict) else ():
            if type(size) is int and abs(size) <= _MOST:
                known[engine, model] = size
    if not isinstance(content, dict):
        log.warning("%s holds no residuals and is begun anew", path)
    return known


def _write(path: Path, known: dict[tuple[str, str], int]) -> None:
    """Beside it and renamed: a reader sees the old file or the new one. Raises OSError."""
    content: dict[str, dict[str, int]] = {}
    for (engine, model), size in known.items():
        content.setdefault(engine, {})[model] = size
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
