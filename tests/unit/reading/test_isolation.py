from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import Limits, read_document, read_isolated
from tests import documents, manual
from tests.unit.reading.processes import Instead, lives, readers, tell, warm

_NESTED = b"<html>" + b"<div>" * 300_000
"""A megabyte that keeps an HTML parser busy for minutes."""


async def test_reads_what_would_be_read_here() -> None:
    heard: list[tuple[int, int]] = []
    data = manual.operating_manual()
    document = await read_isolated(data, manual.NAME, "application/pdf", lambda read, of: heard.append((read, of)))
    assert document == read_document(data, manual.NAME)
    assert heard[-1] == (6, 6)


async def test_reads_a_path(tmp_path: Path) -> None:
    path = tmp_path / "whatever"
    path.write_bytes(documents.docx(["from a file"]))
    assert (await read_isolated(path, "a.docx")).pages[0].text == "from a file"
    with pytest.raises(FileNotFoundError):
        await read_isolated(tmp_path / "nothing", "a.docx")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.pdf", "“a.pdf” is empty"),
        (documents.png(), "a.pdf", "seems to be a picture"),
        (documents.encrypted_pdf(), "a.pdf", "is protected by a password"),
        (documents.entity_bomb(), "a.docx", "declares a document type"),
    ],
)
async def test_errors_come_over_in_their_words(data: bytes, name: str, words: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        await read_isolated(data, name)
    assert words in caught.value.message


async def test_a_bomb_is_too_large() -> None:
    with pytest.raises(TooLarge, match="unpacks to far more"):
        await read_isolated(documents.docx_bomb(), "a.docx")


async def test_a_bomb_whose_directory_lies_takes_no_memory() -> None:
    with pytest.raises(UnreadableDocument, match="cannot be unpacked"):
        await read_isolated(documents.lying_docx_bomb(), "a.docx", limits=Limits(memory_bytes=250 * 2**20))


async def test_memory_is_limited() -> None:
    with pytest.raises(TooLarge, match="needs more than 300 MB of memory"):
        await read_isolated(b"word\n" * 50_000_000, "a.txt", limits=Limits(memory_bytes=300 * 2**20))


async def test_computing_time_is_limited() -> None:
    with pytest.raises(UnreadableDocument, match="took more than 1 seconds of computing"):
        await read_isolated(_NESTED, "a.html", limits=Limits(cpu_seconds=1))


async def test_time_is_limited() -> None:
    before = readers()
    with pytest.raises(UnreadableDocument, match=r"took longer than 0\.5 seconds to read"):
        await read_isolated(_NESTED, "a.html", limits=Limits(wall_seconds=0.5))
    assert readers() <= before


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crashed its reader (Segmentation fault)"),
        ("os.abort()", "crashed its reader (Aborted)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "was killed, most likely because memory ran out"),
        ("os._exit(3)", "ended without a result (status 3)"),
        ("sys.stdout.write('x' * 100)", "confused its reader"),
        ("sys.stdout.buffer.write(b'd' + bytes([0, 0, 0, 2]) + b'{}')", "confused its reader"),
        ("sys.stdout.buffer.write(b'd' + bytes([255] * 4))", "confused its reader"),
        ("sys.stdout.buffer.write(b'p' + bytes([0, 0, 0, 8, 0]))", "ended without a result (status 0)"),
    ],
)
async def test_a_process_that_fails_is_an_unreadable_document(instead: Instead, code: str, words: str) -> None:
    instead(code)
    with pytest.raises(UnreadableDocument) as caught:
        await read_isolated(b"x", "a.txt")
    assert words in caught.value.message


async def test_a_parser_that_raises_the_unexpected_is_told_and_logged(
    instead: Instead, caplog: pytest.LogCaptureFixture
) -> None:
    instead("import inference.functions.reading.text as text; text.read = lambda *_: 1 // 0; work(order)")
    with pytest.raises(UnreadableDocument, match=r"could not be read \(ZeroDivisionError\)"):
        await read_isolated(b"x", "a.txt")
    assert "Traceback" in caplog.text


async def test_recognitions_put_the_end_of_the_time_off_but_not_for_ever(instead: Instead) -> None:
    limits = Limits(wall_seconds=0.4, max_recognitions=2, recognition_seconds=30)
    instead("sys.stdout.buffer.write(b'r' + bytes(4)); sys.stdout.flush(); time.sleep(1); os._exit(3)")
    await warm()
    with pytest.raises(UnreadableDocument, match=r"ended without a result \(status 3\)"):
        await read_isolated(b"x", "a.txt", limits=limits)
    instead("while True: sys.stdout.buffer.write(b'r' + bytes(4))")
    await warm()
    with pytest.raises(UnreadableDocument, match="confused its reader"):
        await read_isolated(b"x", "a.txt", limits=limits)


async def test_cancelling_ends_the_process(instead: Instead) -> None:
    instead("time.sleep(60)")
    before = readers()
    reading = asyncio.create_task(read_isolated(b"x" * 1_000_000, "a.txt"))
    while not readers() - before:  # noqa: ASYNC110 - a process sets no event when it is there
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert readers() <= before


async def test_a_flood_of_frames_is_no_way_around_cancelling(instead: Instead) -> None:
    instead("while True: sys.stdout.buffer.write(b'p' + bytes([0, 0, 0, 8] + [0] * 8))")
    await warm()
    before = readers()
    with pytest.raises(UnreadableDocument, match="took longer"):
        await read_isolated(b"x", "a.txt", limits=Limits(wall_seconds=0.5))
    assert readers() <= before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
@pytest.mark.parametrize("at_once", [True, False])
def test_no_process_outlives_its_parent(at_once: bool, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(_NESTED)
    script = f"""
        import asyncio, os, pathlib, psutil
        from inference.functions.reading import read_isolated
        async def main():
            asyncio.create_task(read_isolated(pathlib.Path("a.html"), "a.html"))
            while not (children := psutil.Process().children(recursive=True)[{0 if at_once else 1}:]):
                await asyncio.sleep(0.001)
            await asyncio.sleep({0 if at_once else 0.5})
            print(*[child.pid for child in psutil.Process().children(recursive=True)], flush=True)
            os._exit(0)
        asyncio.run(main())
    """
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=tmp_path, capture_output=True, check=True
    )
    children = [int(pid) for pid in told.stdout.split()]
    assert len(children) >= (1 if at_once else 2)  # the server, and what it forked
    give_up = time.monotonic() + 20  # the document would keep it busy for minutes
    while any(map(lives, children)):
        assert time.monotonic() < give_up
        time.sleep(0.05)


async def test_no_secret_and_no_name_is_there_to_be_read(monkeypatch: pytest.MonkeyPatch, instead: Instead) -> None:
    monkeypatch.setenv("PENSTOCK_SECRET", "hush")
    monkeypatch.setenv("OPENAI_API_KEY", "hush")
    there = "open('/proc/self/environ').read() if sys.platform == 'linux' else ''"
    instead(tell(f"{{'argv': sys.argv, 'environment': [*os.environ, *os.environ.values(), {there}]}}"))
    with pytest.raises(UnreadableDocument) as caught:
        await read_isolated(b"x", "private name.txt")
    told = json.loads(caught.value.message)
    assert not any("private" in argument for argument in told["argv"])
    assert not {"PENSTOCK_SECRET", "OPENAI_API_KEY", "PATH", "HOME"} & set(told["environment"])
    assert not any("hush" in value for value in told["environment"])


async def test_the_process_loads_no_database_no_network_and_no_models(instead: Instead) -> None:
    instead(tell("sorted(sys.modules)"))
    with pytest.raises(UnreadableDocument) as caught:
        await read_isolated(b"x", "a.txt")
    loaded = set(json.loads(caught.value.message))
    assert {"inference.functions.reading.reader", "docx", "pypdfium2"} <= loaded
    assert not {"asyncpg", "aiohttp", "fastapi", "langgraph", "numpy", "rapidocr", "asyncio"} & loaded
