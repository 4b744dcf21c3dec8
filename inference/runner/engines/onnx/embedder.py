"""Texts to vectors: tokenizer and onnxruntime session, fed one batch at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from inference.runner.engines.onnx.batching import Turns, plan_batches

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL = "all-MiniLM-L6-v2"
DIMENSIONS = 384
MAX_TOKENS = 256  # max_seq_length in the model's sentence_bert_config.json


class Session:
    """The graph in onnxruntime, the one place that meets its untyped interface."""

    def __init__(self, graph: Path, threads: int) -> None:
        runtime = cast("Any", import_module("onnxruntime"))
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin between batches would take the cores from everyone else on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = runtime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def run(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Token ids of each text to vectors of length 1, shape (texts, 384)."""
        shape = (len(rows), max(map(len, rows)))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int32)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        return cast("NDArray[np.float32]", self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0])


class Tokens:
    """The published tokenizer, cutting at 256 tokens."""

    def __init__(self, path: Path) -> None:
        tokenizer = cast("Any", import_module("tokenizers")).Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer: Tokenizer = tokenizer

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]


@dataclass(slots=True, eq=False)
class Job:
    """One request: its texts' tokens, the batches left of it and the vectors so far."""

    rows: list[list[int]]
    batches: list[list[int]]
    vectors: list[bytes]
    done: asyncio.Future[list[bytes]]


class MiniLM:
    """`Embedder`. Batches run one after the other in one thread, with as many threads inside as there are cores."""

    model = MODEL
    dimensions = DIMENSIONS

    def __init__(self, tokens: Tokens, session: Session) -> None:
        self._tokens = tokens
        self._session = session
        self._turns: Turns[Job] = Turns()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embed")
        self._worker: asyncio.Task[None] | None = None

    async def embed(self, texts: Sequence[str]) -> tuple[list[bytes], int]:
        distinct = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        rows = await asyncio.to_thread(self._tokens.encode, list(distinct))
        job = Job(
            rows=rows,
            batches=plan_batches([len(row) for row in rows]),
            vectors=[b""] * len(rows),
            done=asyncio.get_running_loop().create_future(),
        )
        self._turns.add(job)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        vectors = await job.done
        places = [distinct[text] for text in texts]
        return [vectors[place] for place in places], sum(len(rows[place]) for place in places)

    async def _work(self) -> None:
        """Runs batches while there are any. It has no await between the last look and its end, so no job is missed."""
        loop = asyncio.get_running_loop()
        try:
            while self._turns:
                job = self._turns.next()
                if job.done.done():  # its caller has gone
                    continue
                batch = job.batches.pop()
                try:
                    vectors = await loop.run_in_executor(self._thread, self._session.run, [job.rows[p] for p in batch])
                except Exception as error:  # whatever onnxruntime raises belongs to this job alone
                    if not job.done.done():
                        job.done.set_exception(error)
                    continue
                for position, vector in zip(batch, vectors, strict=True):
                    job.vectors[position] = vector.tobytes()
                if job.batches:
                    self._turns.again(job)
                elif not job.done.done():
                    job.done.set_result(job.vectors)
        finally:
            self._worker = None
