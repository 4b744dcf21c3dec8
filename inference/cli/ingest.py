"""`penstock ingest DIR`: a folder's files as documents of a collection, those that have changed only."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from inference.cli.client import CallFailed, Client, calling
from inference.cli.display import Display, Tally
from inference.cli.folder import LocalFile, Unusable, files_of, sha256_of, visible

_ASKED_AT_ONCE = 300
_LOOK_SECONDS = 1.0
_GOES_ON = "The same command goes on with the rest."


def ingest(arguments: argparse.Namespace) -> int:
    """The exit status: 0 when every file is there, 1 when one failed, 2 when nothing, or nothing more, could
    be done, 130 when it was stopped."""
    folder = arguments.folder.expanduser().resolve()
    if not folder.is_dir():
        print(f"{visible(str(arguments.folder))} is not a folder.", file=sys.stderr)
        return 2
    display = Display()
    try:
        return asyncio.run(_ingest(arguments, folder, display))
    except CallFailed as problem:
        display.end()
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        display.end()
    except BrokenPipeError:
        # Whoever read the lines has gone: what is flushed at the end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    print(f"Stopped. What was sent is ingested. {_GOES_ON}", file=sys.stderr)
    return 130


async def _ingest(arguments: argparse.Namespace, folder: Path, display: Display) -> int:
    async with calling(arguments.url, arguments.key) as client:
        collection = await client.collection(arguments.collection)
        entries = list(files_of(folder, arguments.include, arguments.exclude))
        display.line(f"{len(entries)} files from {folder} into {arguments.collection!r}")
        walk = Ingestion(client, collection, display, Tally(total=len(entries)))
        files: list[LocalFile] = []
        for entry in entries:
            if isinstance(entry, Unusable):
                walk.fail(entry.relative, entry.why)
            else:
                files.append(entry)
        sending = asyncio.create_task(walk.all(files, max(1, arguments.uploads)))
        looking = asyncio.create_task(walk.look())
        ended, others = await asyncio.wait({sending, looking}, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()
        try:
            for task in ended:
                task.result()
        except CallFailed as problem:
            raise CallFailed(f"{problem}\n{_GOES_ON}") from None
    tally = walk.tally
    display.end()
    display.line(f"{tally.done} ingested, {tally.unchanged} unchanged, {tally.failed} failed")
    return 1 if tally.failed else 0


@dataclass
class Ingestion:
    """One folder on its way: `at_work` are the files that were sent and are not through, by their sources."""

    client: Client
    collection: str
    display: Display
    tally: Tally
    at_work: dict[str, LocalFile] = field(default_factory=dict[str, LocalFile])
    _looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def all(self, files: Iterable[LocalFile], at_once: int) -> None:
        """Sends what the collection does not have, so many at once, and returns when no file is at work any more."""
        slots = asyncio.Semaphore(at_once)
        for some in _batches(files, _ASKED_AT_ONCE):
            wanted = await self._wanted(some)
            await asyncio.gather(*(self._send(file, slots) for file in wanted))
        while self.at_work:
            self._looked.clear()
            await self._looked.wait()

    async def _wanted(self, files: list[LocalFile]) -> list[LocalFile]:
        hashes = await asyncio.gather(*(asyncio.to_thread(_hash, file) for file in files))
        readable = [(file, digest) for file, digest in zip(files, hashes, strict=True) if len(digest) == 64]
        for file, problem in zip(files, hashes, strict=True):
            if len(problem) != 64:
                self.fail(file.relative, problem)
        if not readable:
            return []
        asked = [{"source": file.source, "sha256": digest} for file, digest in readable]
        wanted: list[LocalFile] = []
        for (file, _), match in zip(readable, await self._matches(asked), strict=True):
            if not match["unchanged"]:
                wanted.append(file)
            elif _is_through(match):
                self.tally.unchanged += 1
                self._tell_members(file, match)
            else:
                # It was sent by an earlier call, and is on its way.
                self.at_work[file.source] = file
        return wanted

    async def _matches(self, asked: list[dict[str, str]]) -> list[dict[str, Any]]:
        request = {"collection_id": self.collection, "contents": asked}
        return (await self.client.call("match_contents", request))["matches"]

    async def _send(self, file: LocalFile, slots: asyncio.Semaphore) -> None:
        async with slots:
            try:
                await self.client.upload(self.collection, file)
            except (CallFailed, OSError) as problem:
                self.fail(file.relative, str(problem))
                return
        # Also one that somebody else has sent meanwhile: it is through when it can be searched.
        self.at_work[file.source] = file

    async def look(self) -> None:
        """Goes on asking how far the files are, until it is cancelled. Those that were sent first are through first."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            shown: list[tuple[str, str, float]] = []
            if first := list(islice(self.at_work, _ASKED_AT_ONCE)):
                for match in await self._matches([{"source": source, "sha256": "0" * 64} for source in first]):
                    self._note(match, shown)
            self.display.show(self.tally, shown)
            self._looked.set()

    def _note(self, match: dict[str, Any], shown: list[tuple[str, str, float]]) -> None:
        source, document = match["source"], match["document"]
        file = self.at_work[source]
        state = document and (document["update"] or document)
        if document is None or state is None:
            self._ended(source)
            self.fail(file.relative, "it was deleted in the meantime")
        elif state["status"] == "failed":
            self._ended(source)
            self.fail(file.relative, state["error"] or "it failed")
        elif _is_through(match):
            self._ended(source)
            self.tally.done += 1
            self._tell_done(file, match)
        elif members := _at_work(match):
            shown.append((visible(file.relative), "members", 1 - members["at_work"] / members["total"]))
        else:
            shown.append((visible(file.relative), state["stage"] or "waiting", state["progress"]))

    def _tell_done(self, file: LocalFile, match: dict[str, Any]) -> None:
        document = match["document"]
        told = f"{document['page_count']} pages, {document['chunk_count']} passages"
        if members := match["members"]:
            told = f"{members['total'] - members['failed']} of {members['total']} files in it"
        self.display.line(f"done    {visible(file.relative)} ({told})")
        failures = self._tell_members(file, match)
        for warning in document["warnings"]:
            if warning not in failures:
                self.display.line(f"note    {visible(file.relative)}: {warning}")

    def _tell_members(self, file: LocalFile, match: dict[str, Any]) -> set[str]:
        """Counts the members of an archive that failed; returns them as the archive's warnings tell of them."""
        members: dict[str, Any] = match["members"] or {"failed": 0, "failures": []}
        self.tally.total += members["failed"]
        told: set[str] = set()
        for failure in members["failures"]:
            within = failure["source"].removeprefix(file.source)
            self.fail(f"{file.relative}{within}", failure["error"])
            told.add(f"{within.rpartition('!')[2].rpartition('/')[2]}: {failure['error']}")
        if more := members["failed"] - len(members["failures"]):
            self.fail(file.relative, f"{more} more of its files failed", files=more)
        return told

    def _ended(self, source: str) -> None:
        del self.at_work[source]

    def fail(self, name: str, why: str, files: int = 1) -> None:
        """Counts a file, or what stands for files, that is not taken in."""
        self.tally.failed += files
        self.display.line(f"FAILED  {visible(name)}: {why}")


def _is_through(match: dict[str, Any]) -> bool:
    document = match["document"]
    ended = document is not None and document["status"] == "complete" and document["update"] is None
    return ended and _at_work(match) is None


def _at_work(match: dict[str, Any]) -> dict[str, Any] | None:
    """The members of an archive, of which some are on their way."""
    members = match["members"]
    return members if members and members["at_work"] else None


def _hash(file: LocalFile) -> str:
    """The SHA-256 of a file, or why it cannot be read."""
    try:
        return sha256_of(file.path)
    except OSError as error:
        return error.strerror or "it cannot be read"


def _batches(files: Iterable[LocalFile], size: int) -> Iterator[list[LocalFile]]:
    rest = iter(files)
    while some := list(islice(rest, size)):
        yield some
