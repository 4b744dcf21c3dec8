from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest
import uvloop

from inference.errors import PenstockError, UnreadableDocument
from inference.functions.reading import read_document, read_isolated
from inference.functions.reading.warming import sample
from tests import documents
from tests.unit.reading.processes import Instead, lives, readers, servers, tell

_only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows descriptors under /proc")


async def _read(text: str) -> str:
    return (await read_isolated(text.encode(), "a.txt")).pages[0].text


async def _server() -> int:
    """The one that reads, warm."""
    before = servers()
    await _read("x")
    (server,) = servers() - before or before
    return server


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while lives(pid):
        pass


def test_what_a_server_warms_up_with_is_a_page_of_text() -> None:
    (page,) = read_document(sample(), "sample.pdf").pages
    assert page.text.count("These are some of the words of line") == 12


async def test_one_server_reads_files_at_once(instead: Instead) -> None:
    instead("work(order)")
    before = servers()
    texts = [f"text {number}" for number in range(12)]
    assert await asyncio.gather(*map(_read, texts)) == texts
    (server,) = servers() - before
    assert psutil.Process(server).num_threads() == 1
    assert not psutil.Process(server).children()


def test_no_descriptor_is_closed_that_another_thread_has_opened() -> None:
    """With the event loop of the product."""
    failures: list[OSError] = []
    stop = threading.Event()

    def open_and_close() -> None:
        while not stop.is_set():
            try:
                os.close(os.dup(0))
            except OSError as error:
                failures.append(error)

    async def read_many() -> None:
        for _ in range(150):
            await _read("x")

    threads = [threading.Thread(target=open_and_close) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        uvloop.run(read_many())
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


async def test_a_server_that_died_is_replaced(instead: Instead) -> None:
    instead("work(order)")
    before = servers()
    await _read("one")
    (first,) = servers() - before
    _kill(first)
    assert await _read("two") == "two"
    (second,) = servers() - before
    assert second != first


async def test_what_a_server_forked_dies_with_it_and_is_told(instead: Instead) -> None:
    instead("time.sleep(60) if order.name == 'long.txt' else work(order)")
    before = servers()
    reading = asyncio.create_task(read_isolated(b"x", "long.txt"))
    while not (forked := readers()):  # noqa: ASYNC110 - a process sets no event when it is there
        await asyncio.sleep(0.01)
    (server,) = servers() - before
    _kill(server)
    with pytest.raises(UnreadableDocument, match=r"“long\.txt” was killed"):
        await reading
    while any(map(lives, forked)):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert await _read("next") == "next"


async def test_a_crash_is_nobody_elses_and_has_the_next_file_read_by_another_server(
    instead: Instead, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    instead(f"""
        if order.name == "bad.txt":
            os.kill(os.getpid(), signal.SIGSEGV)
        while order.name == "good.txt" and not os.path.exists({str(go)!r}):
            time.sleep(0.01)
        work(order)
    """)
    before = servers()
    good = asyncio.create_task(read_isolated(b"good", "good.txt"))
    while not readers():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    (first,) = servers() - before
    with pytest.raises(UnreadableDocument, match="crashed its reader"):
        await read_isolated(b"bad", "bad.txt")
    assert lives(first)
    assert await _read("next") == "next"
    assert len(servers() - before) == 2
    go.touch()
    assert (await good).pages[0].text == "good"
    while lives(first):  # noqa: ASYNC110 - it ends with the last one that it forked
        await asyncio.sleep(0.01)


@_only_linux
async def test_a_reader_holds_nothing_of_its_server_or_of_others(instead: Instead) -> None:
    descriptors = (
        "{name: os.readlink(f'/proc/self/fd/{name}') for name in '01234567' if os.path.exists(f'/proc/self/fd/{name}')}"
    )
    instead("time.sleep(60) if order.name == 'long.txt' else None\n" + tell(descriptors).replace("        ", ""))
    other = asyncio.create_task(read_isolated(b"x", "long.txt"))
    while not readers():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    with pytest.raises(UnreadableDocument) as caught:
        await read_isolated(b"x", "a.txt")
    held = json.loads(caught.value.message)
    other.cancel()
    assert sorted(held) == ["0", "1", "2"]
    assert held["1"].startswith("socket:")
    assert held["2"] == os.devnull


@_only_linux
async def test_many_files_leave_no_process_and_no_descriptor() -> None:
    server = await _server()

    def held() -> list[int]:
        return [psutil.Process(pid).num_fds() for pid in (os.getpid(), server)]

    await asyncio.sleep(0)  # what is closed is closed in the next turn of the loop
    before = held()
    for data in [b"text", documents.encrypted_pdf(), b"", b"%PDF-1.7 nothing"] * 8:
        try:
            await asyncio.wait_for(read_isolated(data, "a.pdf"), 20)
        except PenstockError:
            continue
    for _ in range(8):
        task = asyncio.create_task(read_isolated(b"text", "a.txt"))
        await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.wait([task])
    # Who is cancelled while a process is ending does not wait for it, and a server closes what it had after it told.
    while psutil.Process(server).children() or any(now > then for now, then in zip(held(), before, strict=True)):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_a_server_outlives_the_thread_that_started_it(instead: Instead) -> None:
    instead("work(order)")
    before = servers()
    thread = threading.Thread(target=lambda: asyncio.run(_read("one")))
    thread.start()
    await asyncio.to_thread(thread.join)
    (server,) = servers() - before
    assert await _read("two") == "two"
    assert servers() - before == {server}
