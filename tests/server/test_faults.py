"""kill -9 for all but the supervisor: callers get an answer or a 503 in words, and what was begun is ended."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import psutil
import pytest

from inference.functions.reading import chunk_document, read_document
from inference.models.collections import Chunking
from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER, token_counter
from tests.platform import Platform
from tests.server.provider import Provider
from tests.server.streams import Event, read_events, text_of
from tests.server.waiting import until

BACK_WITHIN = 10.0
TAKEN_OVER_WITHIN = 90.0
READER = "inference.functions.reading.forkserver"
MODULES = {"runner": "inference.runner", "server": "inference.server", "worker": "inference.composer"}
_numbers = itertools.count()


def processes(platform: Platform, word: str) -> list[psutil.Process]:
    """The platform's processes in whose command line a word stands: those of a module, or its readers."""
    found: list[psutil.Process] = []
    for process in psutil.Process(platform.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if any(word in part.split() for part in process.cmdline()):
                found.append(process)
    return found


def kill(platform: Platform, module: str) -> None:
    """kill -9."""
    (process,) = processes(platform, module)
    process.kill()
    process.wait(5)


@contextmanager
def held_up(process: psutil.Process) -> Generator[None]:
    """A process that stands still, so that what waits for it can be met waiting, however fast it is."""
    process.suspend()
    try:
        yield
    finally:
        with suppress(psutil.NoSuchProcess):
            process.resume()


def is_ready(platform: Platform) -> bool:
    """Whether the server says that it can work."""
    try:
        return platform.http.get(f"{platform.url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def embed(platform: Platform) -> httpx.Response:
    """A text that was never embedded before."""
    return platform.http.post(
        f"{platform.url}/v1/embeddings",
        json={"model": DEFAULT_EMBEDDER, "input": f"number {next(_numbers)} {secrets.token_hex(4)}"},
        headers={"Authorization": f"Bearer {platform.key}"},
    )


def chat(platform: Platform) -> httpx.Response:
    """A question to the built-in model."""
    body = {"model": DEFAULT_CHAT_MODEL, "messages": [{"role": "user", "content": f"hello {next(_numbers)}"}]}
    headers = {"Authorization": f"Bearer {platform.key}"}
    return platform.http.post(f"{platform.url}/v1/chat/completions", json=body, headers=headers)


def models(platform: Platform) -> httpx.Response:
    return platform.call("fetch_models")


def search(platform: Platform) -> httpx.Response:
    """A query that was never asked before."""
    return platform.call("search_dense", {"query": f"query {secrets.token_hex(4)}", "collection_ids": []})


CALLS = (embed, chat, models, search)


@contextmanager
def callers(platform: Platform) -> Generator[list[httpx.Response]]:
    """People who call all the time, each waiting for the answer before; what they were answered."""
    answers: list[httpx.Response] = []
    failures: list[Exception] = []
    stop = threading.Event()

    def go_on(call: Callable[[Platform], httpx.Response]) -> None:
        while not stop.is_set():
            try:
                answers.append(call(platform))
            except Exception as error:
                failures.append(error)
                return
            stop.wait(0.05)

    threads = [threading.Thread(target=go_on, args=(call,)) for call in CALLS]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


def assert_in_words(answers: list[httpx.Response]) -> None:
    """Every answer is one, or a 503 that says what to do."""
    assert {answer.status_code for answer in answers} <= {200, 503}
    for answer in answers:
        if answer.status_code == 503:
            assert len(answer.json()["error"]["message"]) > 20
            assert answer.headers["retry-after"]


@pytest.fixture(scope="module")
def warm(upstream: Platform) -> Platform:
    """The platform with a document and both of its models loaded."""
    collection = upstream.result("create_document_collection", {"name": "faults"})["id"]
    upstream.ingest(collection, "heron.txt", b"A heron stands in the reeds.")
    assert chat(upstream).status_code == 200
    return upstream


@pytest.mark.parametrize("module", ["inference.runner", "inference.runner.engines.onnx"])
def test_a_dead_runner_or_engine_comes_back(warm: Platform, module: str) -> None:
    with callers(warm) as answers:
        until(lambda: len(answers) > 8, 20)
        before = len(answers)
        kill(warm, module)
        until(lambda: all(call(warm).status_code == 200 for call in CALLS), BACK_WITHIN)
        until(lambda: len(answers) > before + 8, 20)
    assert_in_words(answers)
    assert len(processes(warm, module)) == 1


def test_engines_end_with_their_runner(warm: Platform) -> None:
    assert embed(warm).status_code == chat(warm).status_code == 200
    engines = [p for name in ("onnx", "extractive") for p in processes(warm, f"inference.runner.engines.{name}")]
    assert len(engines) == 2
    kill(warm, "inference.runner")
    _, alive = psutil.wait_procs(engines, 5)
    assert alive == []
    until(lambda: is_ready(warm), BACK_WITHIN)


def test_an_ingestion_survives_its_worker(warm: Platform) -> None:
    collection = warm.result("create_document_collection", {"name": "survivor"})["id"]
    text = "\n\n".join(
        f"Lock {n} of the canal is {n} metres wide. " + "Boats wait for the water to rise. " * 12 for n in range(250)
    )
    assert embed(warm).status_code == 200
    (engine,) = processes(warm, "inference.runner.engines.onnx")
    with held_up(engine):
        uploaded = warm.upload(collection, "canal.txt", text.encode()).json()["result"]
        document = {"document_id": uploaded["document_id"]}
        until(lambda: warm.result("fetch_document", document)["stage"] == "embedding", 30)
        kill(warm, "inference.composer")
    assert warm.result("fetch_document", document)["status"] == "indexing"

    done = warm.wait_for(uploaded["document_id"], seconds=TAKEN_OVER_WITHIN)
    assert done["status"] == "complete", done["error"]
    reference = {"run_id": uploaded["run_id"]}
    until(lambda: warm.result("fetch_run", reference)["status"] == "completed")
    assert warm.result("fetch_run", reference)["attempts"] == 2
    counted = warm.result("fetch_collection", {"collection_id": collection})
    assert counted["chunk_count"] == done["chunk_count"] >= 100
    hits = warm.result("search_bm25", {"query": "lock 249", "collection_ids": [collection], "limit": 100})["hits"]
    assert len([hit for hit in hits if "Lock 249 " in hit["text"]]) == 1
    until(lambda: not [path for path in (warm.home / "objects" / "scratch").glob("**/*") if path.is_file()])


def canal(subject: str, locks: int) -> bytes:
    """A text of so many passages, like no other."""
    return "\n\n".join(
        f"# {subject} {n}\n\nLock {n} of the {subject} is {n} metres wide. " + "Boats wait for the water to rise. " * 12
        for n in range(locks)
    ).encode()


def test_many_ingestions_survive_their_workers(warm: Platform) -> None:
    """kill -9 wherever they are just then: new documents, and newer contents of others."""
    collection = warm.result("create_document_collection", {"name": "storm"})["id"]
    old = {name: warm.ingest(collection, f"{name}.md", canal(name, 3))["id"] for name in ("north", "south")}
    texts = {name: canal(f"{name} canal", 80) for name in ("north", "south", "east", "west", "inner")}

    def upload(name: str) -> str:
        fields = {"collection_id": collection} | ({"document_id": old[name]} if name in old else {})
        answer = warm.http.post(
            f"{warm.url}/api/upload_document", files={"file": (f"{name}.md", texts[name])}, data=fields,
            headers={"Authorization": f"Bearer {warm.token}"},
        )  # fmt: skip
        assert answer.status_code == 202, answer.text
        return answer.json()["result"]["document_id"]

    (reader,) = processes(warm, READER)

    def states() -> list[dict[str, Any]]:
        found = [warm.result("fetch_document", {"document_id": uid}) for uid in documents.values()]
        return [document["update"] or document for document in found]

    def kill_when(stage: str) -> None:
        until(lambda: any(state["stage"] == stage for state in states()), TAKEN_OVER_WITHIN)
        for found in warm.result("fetch_collection_documents", {"collection_id": collection})["documents"]:
            assert found["id"] not in old.values() or found["searchable_by"] == ["words", "meaning"]
        kill(warm, "inference.composer")

    with held_up(reader):
        documents = {name: upload(name) for name in texts}
        assert {name: documents[name] for name in old} == old
        kill_when("parsing")
    kill_when("embedding")
    until(lambda: any(state["stage"] == "embedding" for state in states()), TAKEN_OVER_WITHIN)
    kill(warm, "inference.runner.engines.onnx")

    def through() -> bool:
        now = states()
        assert not [state["error"] for state in now if state["status"] == "failed"]
        return all(state["status"] == "complete" for state in now)

    until(through, TAKEN_OVER_WITHIN)
    for name, uid in documents.items():
        cut = chunk_document(read_document(texts[name], f"{name}.md"), token_counter(), Chunking(overlap_tokens=32))
        expected = [chunk.text for chunk in cut]
        got = warm.result("fetch_document_chunks", {"document_id": uid, "limit": 200})["chunks"]
        assert [chunk["text"] for chunk in got] == expected
        query = {"query": "lock", "collection_ids": [collection], "limit": 100, "filter": {"document_ids": [uid]}}
        for function in ("search_bm25", "search_dense"):
            hits = [hit["chunk_id"] for hit in warm.result(function, query)["hits"]]
            assert sorted(hits) == sorted(chunk["chunk_id"] for chunk in got), function
    until(lambda: not [path for path in (warm.home / "objects" / "scratch").glob("**/*") if path.is_file()])


def test_an_answer_survives_its_server(warm: Platform, provider: Provider) -> None:
    provider.patient = True
    provider.hung_up.clear()
    seen: list[Event] = []
    body = {"query": "Hello?", "toolchain_id": "chat", "model": "openai/patient"}
    headers = {"Authorization": f"Bearer {warm.token}"}
    with warm.http.stream("POST", f"{warm.url}/v1/query", json=body, headers=headers) as response:
        for event in read_events(response):
            seen.append(event)
            if event.name == "delta":
                break
        kill(warm, "inference.server")
    assert provider.hung_up.wait(5)
    provider.patient = False

    until(lambda: is_ready(warm), BACK_WITHIN)
    conversation = {"conversation_id": seen[0].data["conversation_id"]}
    assert warm.result("fetch_conversation", conversation)["messages"][-1]["status"] == "streaming"
    path = f"{warm.url}/v1/query/{seen[0].data['run_id']}"
    with warm.http.stream("GET", path, headers=headers | {"Last-Event-ID": str(seen[-1].id)}, timeout=60) as response:
        rest = list(read_events(response))
    assert [event.name for event in rest if event.name != "delta"][-3:] == ["start", "usage", "done"]
    again = rest[[event.name for event in rest].index("start") :]
    assert text_of(again) == "Hello from upstream."
    assert [event.id for event in rest] == sorted({event.id for event in rest})
    answer = warm.result("fetch_conversation", conversation)["messages"][-1]
    assert (answer["status"], answer["content"]) == ("complete", "Hello from upstream.")


def test_every_process_at_once(warm: Platform) -> None:
    for module in MODULES.values():
        kill(warm, module)
    until(lambda: is_ready(warm), BACK_WITHIN)
    until(lambda: all(call(warm).status_code == 200 for call in CALLS), BACK_WITHIN)
    collection = warm.result("create_document_collection", {"name": "after"})["id"]
    warm.ingest(collection, "after.txt", b"The flood is over.")


def test_a_dead_connection_of_the_database(warm: Platform) -> None:
    """PostgreSQL ends all its connections when one of its processes is killed, and recovers by itself."""
    backend = next(p for p in processes_named(warm, "postgres:") if "penstock" in " ".join(p.cmdline()))
    with callers(warm) as answers:
        until(lambda: len(answers) > 8, 20)
        backend.kill()
        until(lambda: is_ready(warm) and all(call(warm).status_code == 200 for call in CALLS), 20)
    assert_in_words(answers)
    collection = warm.result("create_document_collection", {"name": "recovered"})["id"]
    warm.ingest(collection, "recovered.txt", b"The river is back in its bed.")


def processes_named(platform: Platform, begin: str) -> list[psutil.Process]:
    """The platform's processes by how their title begins."""
    children = psutil.Process(platform.pid).children(recursive=True)
    return [process for process in children if " ".join(process.cmdline()).startswith(begin)]
