"""Runs requests' batches, one a lane at a time, each lane a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.runner.engines.onnx.batching import Part, Turns, plan_batches
from inference.runner.engines.onnx.session import Row

Array = NDArray[np.float32]
Run = Callable[[Sequence[Row]], Array]


@dataclass(slots=True, eq=False)
class Job:
    """One request: its inputs, the batches left of it, what came out so far."""

    rows: list[Row]
    caller: str
    query: bool
    lengths: list[int]
    batches: list[list[int]]
    results: list[bytes]
    left: int
    done: asyncio.Future[list[bytes]]

    @property
    def gone(self) -> bool:
        return self.done.done()


class Worker:
    """Gives every input its result, fairly among callers. A caller that is cancelled takes its waiting work along."""

    def __init__(self, run: Run, lanes: int = 1) -> None:
        """`run` is called by as many threads at once as there are lanes."""
        self._run = run
        self._turns: Turns[Job] = Turns()
        self._threads = ThreadPoolExecutor(lanes, thread_name_prefix="model")
        self._free = list(range(lanes))
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self, rows: list[Row], caller: str, *, query: bool) -> list[bytes]:
        """A row's float32 numbers, little-endian, in order. An empty `caller` is one of its own."""
        if not rows:
            return []
        lengths = [len(row) for row in rows]
        done: asyncio.Future[list[bytes]] = asyncio.get_running_loop().create_future()
        job = Job(rows, caller, query, lengths, plan_batches(lengths), [b""] * len(rows), len(rows), done)
        job.caller = caller or f"\0{id(job)}"
        self._turns.add(job)
        for _ in range(min(len(self._free), len(job.batches))):
            lane = self._free.pop()
            self._busy[lane] = asyncio.create_task(self._work(lane))
        return await done

    async def _work(self, lane: int) -> None:
        """Runs batches while there are any. It has no await between the last look and its end, so no job is missed."""
        loop = asyncio.get_running_loop()
        try:
            while parts := self._turns.next():
                rows = [job.rows[position] for job, batch in parts for position in batch]
                try:
                    found = await loop.run_in_executor(self._threads, self._run, rows)
                except Exception as error:  # whatever onnxruntime raises belongs to these jobs alone
                    for job, _ in parts:
                        if not job.done.done():
                            job.done.set_exception(error)
                else:
                    _hand_out(parts, found)
        finally:
            del self._busy[lane]
            self._free.append(lane)


def _hand_out(parts: list[Part[Job]], found: Array) -> None:
    results = iter(found)
    for job, batch in parts:
        for position in batch:
            job.results[position] = next(results).tobytes()
        job.left -= len(batch)
        if not job.left and not job.done.done():
            job.done.set_result(job.results)
