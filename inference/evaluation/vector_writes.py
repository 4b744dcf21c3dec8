"""Writing chunks with vectors: ours beside langchain-postgres, both in process, on one server, with databases of their
own. Neither makes a graph meanwhile; ours makes its chunks findable by words too."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import uvloop
from uuid_utils.compat import uuid7

from db import open_storage
from inference.evaluation import databases
from inference.evaluation.environments import install
from inference.evaluation.figures import Figure, Line, Target, figure
from inference.evaluation.installation import USER, new_home
from inference.evaluation.library import CHUNKS_A_DOCUMENT, WORDS, Library
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell
from inference.evaluation.subject import subject
from inference.evaluation.texts import Clusters, Zipf
from inference.runner import DEFAULT_EMBEDDER
from inference.settings import ROOT

PEER = "langchain-postgres==0.0.19"
ROUNDS = 3
# A round of ours and of the peer's takes about as long.
OURS, THEIRS = 20_000, 1_000
_SEED = 7


def measure() -> tuple[list[Line], list[str]]:
    """The line, and what must be known of it."""
    with new_home() as folder, databases.database_server(folder) as url:
        peer, note = None, f"writes: peer {PEER}, PGVectorStore.aadd_embeddings, its defaults"
        try:
            python = str(install("langchain", PEER) / "python")
            peer = _theirs(python, folder, url.replace("/penstock?", f"/{databases.PEER}?"))
        except Unmeasurable as error:
            note = f"writes: the peer is missing: {str(error).splitlines()[0]}"
        ours = uvloop.run(_ours(url))
    line = Line(
        "chunks with vectors written, rows/s", ours, better="more", peer=peer, target=Target(5, of="ratio", goal=27)
    )
    return [line], [note]


async def _ours(url: str) -> Figure:
    storage = await open_storage(url)
    try:
        user, collection = uuid7(), uuid7()
        await storage.accounts.create(user, USER["username"], "none", is_admin=False)
        account = await storage.accounts.by_uid(user)
        assert account is not None
        await storage.collections.create(collection, account.id, "bench", "", {}, "english", DEFAULT_EMBEDDER)
        library = Library(storage, account.id, UUID(str(collection)))
        rates: list[float] = []
        for number in range(1, ROUNDS + 1):
            rates.append(await library.grow(number * OURS))
            tell(f"writes: {rates[-1]:.0f} rows/s")
        return figure(rates, "/s")
    finally:
        await storage.close()


def _theirs(python: str, folder: Path, url: str) -> Figure:
    writer, clusters = Zipf(_SEED), Clusters(_SEED)
    command = (python, "-m", "inference.evaluation.langchain_process", url)
    rates: list[float] = []
    with subject("langchain", folder, *command, environment={"PYTHONPATH": str(ROOT)}) as peer:
        peer.ask("prepare", dimensions=384)
        for _ in range(ROUNDS):
            texts = [writer.text(*WORDS) for _ in range(THEIRS)]
            took = peer.ask("add", texts=texts, vectors=clusters.vectors(THEIRS).tolist(), at_once=CHUNKS_A_DOCUMENT)
            rates.append(THEIRS / took)
            tell(f"writes: langchain-postgres {rates[-1]:.0f} rows/s")
    return figure(rates, "/s")
