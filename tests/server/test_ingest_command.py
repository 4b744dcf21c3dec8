"""`penstock ingest`, as somebody calls it in a shell."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from inference.cli.client import Client
from inference.cli.display import Display, Tally
from inference.cli.folder import LocalFile
from inference.cli.ingest import Ingestion
from tests.platform import Platform
from tests.server.files import documents_of


def penstock_ingest(
    platform: Platform, folder: Path, *more: str, key: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PENSTOCK_API_KEY": platform.key if key is None else key}
    return subprocess.run(
        [sys.executable, "-m", "inference.cli", "ingest", str(folder), "--url", platform.url, *more],
        capture_output=True, text=True, env=environment, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of which one cannot be read, and entries that are passed over."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "heron.txt").write_text("A heron stands in the reeds.")
    (tmp_path / "deep" / "er" / "bees.md").write_text("# Bees\n\nA colony keeps its brood nest warm.")
    (tmp_path / "deep" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / ".hidden.txt").write_text("not to be seen")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "linked").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe.txt")
    os.mknod(tmp_path / "socket.txt", stat.S_IFSOCK | 0o600)
    return tmp_path


def test_a_folder_and_what_has_changed_of_it(platform: Platform, folder: Path) -> None:
    first = penstock_ingest(platform, folder, "--collection", "birds and bees", "--exclude", "*.pdf")
    assert first.returncode == 0, first.stdout + first.stderr
    lines = first.stdout.splitlines()
    assert lines[0] == f"2 files from {folder} into 'birds and bees'"
    assert sorted(lines[1:-1]) == [
        "done    deep/er/bees.md (1 pages, 1 passages)",
        "done    heron.txt (1 pages, 1 passages)",
    ]
    assert lines[-1] == "2 ingested, 0 unchanged, 0 failed"
    assert "\x1b" not in first.stdout, "a pipe gets no bar"
    listed = platform.result("fetch_all_collections")["collections"]
    (collection,) = [entry["id"] for entry in listed if entry["name"] == "birds and bees"]
    sources = {document["source"] for document in documents_of(platform, collection)}
    assert sources == {str(folder / "heron.txt"), str(folder / "deep" / "er" / "bees.md")}

    (folder / "heron.txt").write_text("The heron has flown.")
    second = penstock_ingest(
        platform, folder, "--collection", collection, "--include", "*.txt", "--include", "deep/*.md"
    )
    assert second.returncode == 0, second.stdout + second.stderr
    assert second.stdout.splitlines()[-1] == "1 ingested, 1 unchanged, 0 failed"
    assert len(documents_of(platform, collection)) == 2

    third = penstock_ingest(platform, folder, "--collection", collection)
    assert third.returncode == 1
    assert third.stdout.splitlines()[-1] == "0 ingested, 2 unchanged, 1 failed"
    assert "FAILED  deep/broken.pdf: " in third.stdout


def test_an_odd_entry_stops_no_other(platform: Platform, tmp_path: Path) -> None:
    (tmp_path / "heron.txt").write_text("A heron stands in the reeds.")
    for name in ("two\nlines.txt", "bell\x07.txt"):
        (tmp_path / name).write_text("A name that no header can carry.")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("A name from another age.")
    deep = tmp_path / "/".join(["d" * 200] * 10)
    deep.mkdir(parents=True)
    (deep / "far.txt").write_text("Far below.")
    ended = penstock_ingest(platform, tmp_path, "--collection", "odd names")
    assert (ended.returncode, ended.stderr) == (1, "")
    lines = ended.stdout.splitlines()
    assert lines[-1] == "1 ingested, 0 unchanged, 4 failed"
    assert "done    heron.txt (1 pages, 1 passages)" in lines
    for shown in ("two\\nlines.txt", "bell\\x07.txt"):
        assert f"FAILED  {shown}: its name has a control character: rename it" in lines
    assert "FAILED  caf\\udce9.txt: its path is not UTF-8: rename it" in lines
    (far,) = [line for line in lines if "far.txt" in line]
    assert far.startswith("FAILED  ddd")
    assert far.endswith("and at most 2000 can be kept")


def test_documents_are_called_what_their_files_are(platform: Platform, tmp_path: Path) -> None:
    names = {"with space.txt", "Übung 1.txt", 'a "b"; c=d.txt', "100%25.txt", "日本.txt", "it's [a] & (b)+#.txt"}
    for name in names:
        (tmp_path / name).write_text(f"What {name} holds.")
    ended = penstock_ingest(platform, tmp_path, "--collection", "many names")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    listed = platform.result("fetch_all_collections")["collections"]
    (collection,) = [entry["id"] for entry in listed if entry["name"] == "many names"]
    assert {document["name"] for document in documents_of(platform, collection)} == names


async def test_a_file_that_somebody_else_sends_meanwhile_is_waited_for(
    platform: Platform, collection: str, tmp_path: Path
) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 nothing that was sent before")
    file = LocalFile(path, path.name, str(path))

    class Overtaken(Client):
        """Somebody else sends the file behind the question whether it is there."""

        async def call(self, function: str, request: dict[str, Any]) -> Any:
            answer = await super().call(function, request)
            if function == "match_contents" and not answer["matches"][0]["unchanged"]:
                await self.upload(collection, file)
            return answer

    async with aiohttp.ClientSession() as http:
        walk = Ingestion(Overtaken(http, platform.url, platform.key), collection, Display(StringIO()), Tally(total=1))
        looking = asyncio.create_task(walk.look())
        await walk.all([file], 1)
        looking.cancel()
    assert (walk.tally.unchanged, walk.tally.failed) == (0, 1)


async def test_calls_at_the_same_time_make_one_collection(platform: Platform) -> None:
    async with aiohttp.ClientSession() as http:
        client = Client(http, platform.url, platform.key)
        made = await asyncio.gather(*(client.collection("made by many") for _ in range(4)))
        assert set(made) == {await client.collection("made by many")}


def test_whoever_reads_the_lines_may_go(platform: Platform, folder: Path) -> None:
    shell = (
        '"$0" -m inference.cli ingest "$1" --url "$2" --collection "read in part" | head -n 1; exit ${PIPESTATUS[0]}'
    )
    ended = subprocess.run(
        ["bash", "-c", shell, sys.executable, str(folder), platform.url],
        capture_output=True, text=True, env=os.environ | {"PENSTOCK_API_KEY": platform.key}, timeout=120, check=False,
    )  # fmt: skip
    assert ended.stderr.startswith("Stopped.")
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 130


def test_an_output_may_know_few_characters(platform: Platform, tmp_path: Path) -> None:
    (tmp_path / "日本.txt").write_text("A heron stands in the reeds.")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONIOENCODING", "ascii")
        ended = penstock_ingest(platform, tmp_path, "--collection", "few characters")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "done    \\u65e5\\u672c.txt (1 pages, 1 passages)" in ended.stdout


def test_the_members_of_an_archive_are_waited_for(platform: Platform, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("deep/heron.txt", "A heron stands in the reeds.")
        archive.writestr("broken.pdf", b"%PDF-1.7 nothing")
    first = penstock_ingest(platform, tmp_path, "--collection", "archives")
    lines = first.stdout.splitlines()
    assert (first.returncode, lines[-1]) == (1, "1 ingested, 0 unchanged, 1 failed")
    assert lines[1] == "done    all.zip (1 of 2 files in it)"
    assert lines[2].startswith("FAILED  all.zip!broken.pdf: ")
    assert len(lines) == 4, "what failed is told once"
    listed = platform.result("fetch_all_collections")["collections"]
    (collection,) = [entry["id"] for entry in listed if entry["name"] == "archives"]
    states = {document["name"]: document["status"] for document in documents_of(platform, collection)}
    assert states == {"all.zip": "complete", "heron.txt": "complete", "broken.pdf": "failed"}
    again = penstock_ingest(platform, tmp_path, "--collection", "archives")
    assert (again.returncode, again.stdout.splitlines()[-1]) == (1, "0 ingested, 1 unchanged, 1 failed")


def test_what_cannot_be_done_is_said(platform: Platform, folder: Path) -> None:
    for arguments, key, words in (
        ((str(folder),), "", "API key"),
        ((str(folder),), "sk-wrong", "key"),
        ((str(folder / "none"),), None, "not a folder"),
    ):
        refused = penstock_ingest(platform, Path(arguments[0]), "--collection", "c", key=key)
        assert refused.returncode == 2
        assert words in refused.stderr
        assert "Traceback" not in refused.stderr
    nobody = penstock_ingest(platform, folder, "--collection", "c", "--url", "http://127.0.0.1:1")
    assert nobody.returncode == 2
    assert "does not answer" in nobody.stderr
