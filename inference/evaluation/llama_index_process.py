"""llama-index's default pipeline, in an environment of its own. Only it and the standard library: no part of ours."""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module
from typing import Any

orders: Any = import_module("orders")  # beside this file, which is run by its path

_model: Any = None


async def load(folder: str) -> None:
    """Loads the embedding model and embeds one sentence."""
    global _model
    huggingface: Any = import_module("llama_index.embeddings.huggingface")
    _model = huggingface.HuggingFaceEmbedding(model_name=folder, device="cpu")
    _model.get_text_embedding("warm up")


async def ingest(folder: str, chunk_size: int) -> dict[str, float]:
    """Reads the folder's files, splits, embeds and keeps them in memory; 0 is the splitter's default size."""
    core: Any = import_module("llama_index.core")
    parsers: Any = import_module("llama_index.core.node_parser")
    begun, used = time.perf_counter(), time.process_time()
    documents = core.SimpleDirectoryReader(folder).load_data()
    splitter = (
        parsers.SentenceSplitter(chunk_size=chunk_size, chunk_overlap=20) if chunk_size else parsers.SentenceSplitter()
    )
    nodes = splitter.get_nodes_from_documents(documents)
    core.VectorStoreIndex(nodes, embed_model=_model)
    took, used = time.perf_counter() - begun, time.process_time() - used
    return {"seconds": took, "cpu": used, "pages": len(documents), "chunks": len(nodes)}


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    asyncio.run(orders.obey({"load": load, "ingest": ingest}))
