"""Downloads in their order, and how far they are."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from inference.errors import InvalidInput, NotFound, Unavailable
from inference.models.pulls import Pull, PullOrder
from inference.runner.pulling.choosing import HubFile, choose
from inference.runner.pulling.fetching import NotPulled, fetch_file
from inference.runner.pulling.hub import Hub

log = logging.getLogger(__name__)

KEPT_PULLS = 50
MAX_WAITING = 20
RESERVE_BYTES = 1 << 30
"""Left free on the disk, for the database beside it."""
HALF_DAYS = 14
"""How long what broke off is kept for another try."""
MARK = ".pulled.json"
_HALF = ".pulling"


class Puller:
    """Brings models into folders below `root`, one after the other. Belongs to one event loop."""

    def __init__(self, root: Path, hub: Hub) -> None:
        self._root = root
        self._hub = hub
        self._pulls: dict[str, Pull] = {}
        self._wanted: dict[str, list[HubFile]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    async def start(self, order: PullOrder) -> Pull:
        """Asks the hub, and queues the download; the same one that is under way or done is given back.

        Raises NotFound, InvalidInput (its `field` says for what), Unavailable (offline, or no room), UpstreamFailed.
        """
        _check(order)
        listing = await self._hub.listing(order.source, order.revision)
        files = choose(listing.files, order.files)
        folder = self._root / order.source
        pull = Pull(
            id=secrets.token_hex(8),
            source=order.source,
            revision=listing.commit,
            state="queued",
            bytes_done=0,
            bytes_total=sum(file.size for file in files),
            files_done=0,
            files_total=len(files),
            folder=str(folder),
        )
        there = await asyncio.to_thread(_look, folder, self._half(pull), pull, files)
        for other in self._pulls.values():  # looked for last: nothing is awaited until this one is among them
            if (other.source, other.revision, self._wanted.get(other.id)) == (order.source, listing.commit, files):
                return other
        if there:
            pull.state, pull.bytes_done, pull.files_done = "done", pull.bytes_total, pull.files_total
        elif len(self._tasks) >= MAX_WAITING:
            raise Unavailable(f"{MAX_WAITING} pulls wait already. Cancel one, or come back when one is done.")
        else:
            self._wanted[pull.id] = files
            self._tasks[pull.id] = asyncio.create_task(self._run(pull, files))
        self._remember(pull)
        return pull

    def pulls(self) -> list[Pull]:
        """Newest first."""
        return [pull.model_copy() for pull in reversed(self._pulls.values())]

    async def cancel(self, pull_id: str) -> Pull:
        """Ends it and removes what it had; one that has ended stays as it is. Raises NotFound."""
        pull = self._pulls.get(pull_id)
        if pull is None:
            raise NotFound(f"There is no pull {pull_id!r}. fetch_pulls lists them.", field="pull_id")
        if task := self._tasks.get(pull_id):
            if pull.files_done < pull.files_total:  # all of it is being put into its place otherwise
                task.cancel()
            await asyncio.wait([task])
            if pull.state == "cancelled":
                await asyncio.to_thread(shutil.rmtree, self._half(pull), ignore_errors=True)
        return pull

    async def __aenter__(self) -> Puller:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends all; what they have stays for another try."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._hub.close()

    async def _run(self, pull: Pull, files: Sequence[HubFile]) -> None:
        try:
            async with self._turn:
                pull.state = "running"
                log.info("pulling %s at %s, %d bytes", pull.source, pull.revision, pull.bytes_total)
                await self._fetch(pull, files)
                pull.state, pull.file = "done", ""
                log.info("%s is pulled", pull.source)
        except asyncio.CancelledError:
            pull.state = "cancelled"
            raise
        except (NotPulled, OSError) as error:
            log.error("%s cannot be pulled: %s", pull.source, error)
            pull.state, pull.error = "failed", str(error)
        finally:
            del self._tasks[pull.id]
            self._wanted.pop(pull.id, None)

    async def _fetch(self, pull: Pull, files: Sequence[HubFile]) -> None:
        half = self._half(pull)
        await asyncio.to_thread(_tidy, half.parent)
        for file in files:
            pull.file, before = file.path, pull.bytes_done

            def progress(size: int, before: int = before) -> None:
                pull.bytes_done = before + size

            target = half / file.path
            if not await asyncio.to_thread(target.is_file):  # which it is only once its checksum was right
                await fetch_file(self._hub, pull.source, pull.revision, file, target, progress)
            pull.bytes_done, pull.files_done = before + file.size, pull.files_done + 1
        await asyncio.to_thread(_place, half, Path(pull.folder), pull.source, pull.revision, files)

    def _half(self, pull: Pull) -> Path:
        return self._root / _HALF / f"{pull.source.replace('/', '--')}--{pull.revision[:40]}"

    def _remember(self, pull: Pull) -> None:
        self._pulls[pull.id] = pull
        over = len(self._pulls) - KEPT_PULLS
        for old in [each for each in self._pulls if each not in self._tasks][: max(over, 0)]:
            del self._pulls[old]


def _check(order: PullOrder) -> None:
    """What the schema's patterns leave open. Raises InvalidInput."""
    if any(part.startswith(".") or ".." in part or part.endswith(".") for part in order.source.split("/")):
        raise InvalidInput("`source` is no name of a model: owner/name.", field="source")
    if ".." in order.revision or "//" in order.revision or order.revision.endswith("/"):
        raise InvalidInput("`revision` is no name of a branch, tag or commit.", field="revision")


def _look(folder: Path, half: Path, pull: Pull, files: Sequence[HubFile]) -> bool:
    """Whether all is there already. Raises InvalidInput where somebody has put a folder by hand, Unavailable where the
    disk has no room for what is to come, and OSError."""
    mark = _mark(folder)
    if folder.exists() and not mark:
        raise InvalidInput(f"{folder} is there and was not pulled: move it away first.", field="source")
    if mark == pull.revision and all(_size(folder / file.path) == file.size for file in files):
        return True
    _check_room(folder.parent, half, pull.bytes_total)
    return False


def _check_room(parent: Path, half: Path, wanted: int) -> None:
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    there = sum(_size(path) for path in half.rglob("*") if path.is_file()) if half.is_dir() else 0
    missing, free = max(wanted - there, 0), shutil.disk_usage(parent).free
    if missing + RESERVE_BYTES > free:
        raise Unavailable(
            f"It takes {missing / 1e9:.1f} GB more on a disk that has {free / 1e9:.1f} GB free, of which "
            f"{RESERVE_BYTES / 1e9:.1f} GB are left to everything else. Make room, or name fewer `files`."
        )


def _tidy(folder: Path) -> None:
    """Removes what broke off long ago and was never asked for again."""
    if not folder.is_dir():
        return
    for half in folder.iterdir():
        newest = max((path.stat().st_mtime for path in half.rglob("*")), default=half.stat().st_mtime)
        if time.time() - newest > HALF_DAYS * 86_400:
            shutil.rmtree(half, ignore_errors=True)


def _place(half: Path, folder: Path, source: str, commit: str, files: Sequence[HubFile]) -> None:
    """Moves what is whole into its folder: added to files of the same commit, in place of those of another."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in half.rglob("*.part"):  # of a file that is no longer wanted
        left.unlink()
    if folder.is_dir() and _mark(folder) == commit:
        for file in files:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            if (half / file.path).is_file():
                (half / file.path).replace(folder / file.path)
        shutil.rmtree(half, ignore_errors=True)
        return
    (half / MARK).write_text(json.dumps({"source": source, "revision": commit}))
    old = half.with_name(f"{half.name}.old")
    if folder.exists():
        folder.replace(old)  # engines that have its files open keep them
    half.replace(folder)
    _sync(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _mark(folder: Path) -> str:
    """The commit that a folder was pulled at; empty for one that was not pulled."""
    try:
        found = json.loads((folder / MARK).read_bytes())
        return str(found["revision"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
