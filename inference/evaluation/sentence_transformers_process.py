"""The peer of the embedder at work: sentence-transformers with torch, one thread, in an environment of its own."""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module
from typing import Any

from inference.evaluation.orders import obey


async def main(folder: str) -> None:
    torch: Any = import_module("torch")
    library: Any = import_module("sentence_transformers")
    torch.set_num_threads(1)
    model = library.SentenceTransformer(folder, device="cpu")

    async def versions() -> str:
        return f"sentence-transformers {library.__version__}, torch {torch.__version__}"

    async def encode(texts: list[str]) -> dict[str, float]:
        """As its documentation has it, all at once: it sorts them by length itself."""
        begun, used = time.perf_counter(), time.process_time()
        model.encode(texts)
        return {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - used}

    await obey({"versions": versions, "encode": encode})


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
