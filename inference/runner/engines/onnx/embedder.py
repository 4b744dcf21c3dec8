"""Texts to vectors, and pairs of texts to scores: a tokenizer and a worker each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from inference.runner.engines.embeddings import InputType
from inference.runner.engines.onnx.model import OnnxModel
from inference.runner.engines.onnx.session import Tokens
from inference.runner.engines.onnx.worker import Run, Worker


class OnnxEmbedder:
    """`Embedder`."""

    def __init__(self, model: OnnxModel, tokens: Tokens, run: Run, lanes: int = 1) -> None:
        self.model = model.id
        self.dimensions = model.dimensions
        self._prefixes: dict[InputType, str] = {
            "query": model.query_prefix, "passage": model.passage_prefix, None: ""
        }  # fmt: skip
        self._tokens = tokens
        self._worker = Worker(run, lanes)

    async def embed(self, texts: Sequence[str], input_type: InputType, caller: str) -> tuple[list[bytes], int]:
        distinct = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        prefix = self._prefixes[input_type]
        rows = await asyncio.to_thread(self._tokens.texts, [prefix + text for text in distinct])
        # OpenAI's clients do not say what a text is for. A single one is most likely a query, for which someone waits.
        query = input_type == "query" or (input_type is None and len(rows) == 1)
        vectors = await self._worker.run(rows, caller, query=query)
        places = [distinct[text] for text in texts]
        return [vectors[place] for place in places], sum(len(rows[place]) for place in places)


class CrossEncoder:
    """`Reranker` by a model that reads query and text together."""

    def __init__(self, model: OnnxModel, tokens: Tokens, run: Run, lanes: int = 1) -> None:
        self.model = model.id
        self._tokens = tokens
        self._worker = Worker(run, lanes)

    async def rerank(self, query: str, texts: Sequence[str], caller: str) -> tuple[list[bytes], int]:
        distinct = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        rows = await asyncio.to_thread(self._tokens.pairs, query, list(distinct))
        scores = await self._worker.run(rows, caller, query=True)
        places = [distinct[text] for text in texts]
        return [scores[place] for place in places], sum(len(rows[place]) for place in places)
