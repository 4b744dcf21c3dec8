from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import ArchiveLimits, Expansion, Member, expand_archive_isolated, is_archive
from inference.functions.reading.archives import expand
from tests import documents, packages


def _expand(data: bytes, limits: ArchiveLimits | None = None) -> tuple[dict[str, bytes], Expansion]:
    taken: dict[str, bytes] = {}

    def on_member(member: Member, content: bytes) -> None:
        assert member.name not in taken
        assert member.bytes == len(content)
        taken[member.name] = content

    expansion = expand(io.BytesIO(data), "all.zip", on_member, limits or ArchiveLimits())
    assert [member.name for member in expansion.members] == list(taken)
    return taken, expansion


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_one_file_that_is_compressed_is_that_file(compress: Callable[[bytes], bytes]) -> None:
    words = b"words in a log\n" * 100
    data = packages.package({"logs/a.txt.gz": compress(words), "b": compress(words[:20])})
    assert _expand(data)[0] == {"logs/a.txt.gz/a.txt": words, "b/b": words[:20]}
    assert _expand(compress(words))[0] == {"all.zip": words}
    assert _expand(compress(packages.package(_FILES)))[0] == {f"all.zip/{name}": data for name, data in _FILES.items()}
    with pytest.raises(TooLarge, match="holds a file of more than 1 MB"):
        _expand(compress(b"x" * 3_000_000), ArchiveLimits(max_member_bytes=2**20))


def _reasons(expansion: Expansion) -> dict[str, str]:
    return {skipped.name: skipped.reason for skipped in expansion.skipped}


_FILES = {"a.txt": b"one", "folder/b.txt": b"two"}


@pytest.mark.parametrize(
    "data",
    [
        packages.package(_FILES),
        packages.package(_FILES, stored=True),
        packages.tar(_FILES.items()),
        gzip.compress(packages.tar(_FILES.items())),
        bz2.compress(packages.tar(_FILES.items())),
        lzma.compress(packages.tar(_FILES.items())),
    ],
    ids=["zip", "stored", "tar", "gzip", "bzip2", "xz"],
)
def test_archives_are_the_files_in_them(data: bytes) -> None:
    assert is_archive(data)
    assert _expand(data) == (_FILES, Expansion([Member("a.txt", 3), Member("folder/b.txt", 3)]))


async def test_members_come_one_by_one_from_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(packages.package({**_FILES, "big.bin": bytes(3_000_000), "../x": b"no"}, stored=True))
    taken: dict[str, bytes] = {}

    async def on_member(member: Member, content: bytes) -> None:
        taken[member.name] = content

    assert is_archive(path)
    expansion = await expand_archive_isolated(path, "all.zip", on_member)
    assert taken == {**_FILES, "big.bin": bytes(3_000_000)}
    assert list(_reasons(expansion)) == ["../x"]
    with pytest.raises(UnreadableDocument, match="is no zip and no tar archive"):
        await expand_archive_isolated(documents.pdf(["x"]), "a.pdf", on_member)


async def test_what_the_caller_raises_ends_the_expansion() -> None:
    async def on_member(member: Member, content: bytes) -> None:
        raise LookupError(member.name)

    with pytest.raises(LookupError, match=r"a\.txt"):
        await expand_archive_isolated(packages.package(_FILES), "all.zip", on_member)


@pytest.mark.parametrize(
    "name", ["../up.txt", "a/../../up.txt", "/etc/passwd", "C:\\x.txt", "..\\up.txt", "a\nb.txt", "x" * 1001]
)
def test_names_that_lead_out_are_skipped(name: str) -> None:
    for data in (packages.package({name: b"x", "ok.txt": b"y"}), packages.tar([(name, b"x"), ("ok.txt", b"y")])):
        taken, expansion = _expand(data)
        assert list(taken) == ["ok.txt"]
        assert [skipped.reason for skipped in expansion.skipped] == [
            "its path leads out of the archive, or cannot be one"
        ]
        assert "\n" not in expansion.skipped[0].name


def test_names_are_made_plain() -> None:
    assert list(_expand(packages.package({"./a//b\\c.txt": b"x"}))[0]) == ["a/b/c.txt"]


@pytest.mark.parametrize("name", ["Pr\u00fcfbericht.txt", "\u691c\u67fb.txt"])
def test_names_in_utf_8_are_read_so_though_nothing_says_so(name: str) -> None:
    there = "x" * len(name.encode())
    data = packages.package({there: b"words"}).replace(there.encode(), name.encode())
    assert list(_expand(data)[0]) == [name]
    assert list(_expand(packages.package({name: b"words"}))[0]) == [name]


def test_names_in_other_encodings_can_be_read() -> None:
    there = "Prxfbericht.txt"
    assert list(_expand(packages.package({there: b"x"}).replace(there.encode(), b"Pr\x81fbericht.txt"))[0]) == [
        "Pr\u00fcfbericht.txt"
    ]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        info = tarfile.TarInfo("Pr\u00fcfbericht.txt")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"words"))
    assert _expand(out.getvalue())[0] == {"Pr\u00fcfbericht.txt": b"words"}


def test_links_devices_and_what_comes_twice_are_skipped() -> None:
    specials = [("s", tarfile.SYMTYPE, "/etc/passwd"), ("h", tarfile.LNKTYPE, "a.txt"), ("d", tarfile.CHRTYPE, "")]
    specials += [("p", tarfile.FIFOTYPE, "")]
    taken, expansion = _expand(packages.tar([("a.txt", b"1"), ("./a.txt", b"2")], specials=specials))
    assert taken == {"a.txt": b"1"}
    assert _reasons(expansion) == {
        **dict.fromkeys("shdp", "it is a link or a device, not a file"),
        "a.txt": "a file of this name came before it",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        target.writestr(link, "/etc/passwd")
        target.writestr("__MACOSX/a.txt", "x")
        target.writestr("folder/", "")
    assert _reasons(_expand(out.getvalue())[1]) == {
        "link": "it is a link or a device, not a file",
        "__MACOSX/a.txt": "a system put it there, not a person",
    }


def test_encrypted_and_damaged_members_are_skipped_and_the_others_taken() -> None:
    data = bytearray(packages.package({"locked.txt": b"x" * 50, "bad.txt": b"word " * 50, "ok.txt": b"y"}, stored=True))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    at = data.index(b"word word")
    data[at : at + 4] = b"lord"
    taken, expansion = _expand(bytes(data))
    assert taken == {"ok.txt": b"y"}
    assert _reasons(expansion)["locked.txt"] == "it is encrypted"
    assert "Bad CRC-32" in _reasons(expansion)["bad.txt"]


def test_archives_in_archives_are_expanded_to_a_depth() -> None:
    data = packages.package({"deep.txt": b"x"})
    for name in ("two.zip", "one.zip"):
        data = packages.package({name: gzip.compress(packages.tar([(f"{name}.tar", data)]))})
    taken, expansion = _expand(data, ArchiveLimits(max_depth=5))
    assert taken == {"one.zip/one.zip.tar/two.zip/two.zip.tar/deep.txt": b"x"}
    taken, expansion = _expand(data)
    assert taken == {}
    (reason,) = _reasons(expansion).values()
    assert reason == "it is an archive more than 2 archives deep"


_INNER = {
    "archive": ("inner.zip", packages.package({"x.txt": b"x"})),
    "empty archive": ("inner.zip", packages.package({})),
    "office file": ("report.docx", documents.docx(["x"])),
    "book": ("book.epub", packages.epub({"a.xhtml": "x"})),
}


@pytest.mark.parametrize("inner", _INNER)
@pytest.mark.parametrize("there", [0, 10, 400])
def test_a_zip_that_is_cut_behind_an_archive_in_it_is_no_zip_of_what_that_holds(inner: str, there: int) -> None:
    name, data = _INNER[inner]
    whole = packages.package({"a.txt": b"one", name: data, "b.txt": b"two " * 200}, stored=True)
    assert "b.txt" in _expand(whole)[0]
    end = whole.index(data) + len(data)
    for cut in (whole[: end + there], whole[: end - 10]):
        with pytest.raises(UnreadableDocument, match="is a damaged zip archive"):
            _expand(cut)
        taken, expansion = _expand(packages.package({"in.zip": cut, "ok.txt": b"y"}))
        assert taken == {"ok.txt": b"y"}
        assert "is a damaged zip archive" in _reasons(expansion)["in.zip"]


def test_a_comment_behind_a_zip_and_64_bit_records_are_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
        large = packages.package(_FILES)
    assert b"PK\x06\x06" in large
    out = io.BytesIO(packages.package(_FILES))
    with zipfile.ZipFile(out, "a") as target:
        target.comment = b"words"
    for data in (large, out.getvalue()):
        assert _expand(data)[0] == _FILES


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_tar_ends_with_zeros(compress: Callable[[bytes], bytes]) -> None:
    whole = packages.tar(_FILES.items())
    blocks = 2 * len(_FILES) * tarfile.BLOCKSIZE
    assert _expand(compress(whole[: blocks + tarfile.BLOCKSIZE]))[0] == _FILES
    for cut in (whole[:blocks], whole[: blocks // 2], whole[: blocks + 100], whole[:blocks] + b"x" * 512):
        with pytest.raises(UnreadableDocument, match="is a damaged"):
            _expand(compress(cut))


def test_one_file_that_is_compressed_and_cut_is_no_archive() -> None:
    data = gzip.compress(random.Random(1).randbytes(5000))
    with pytest.raises(UnreadableDocument, match="is a damaged gzip archive"):
        _expand(data[:-1000])


def test_office_files_stay_whole() -> None:
    taken, _ = _expand(packages.package({"a.docx": documents.docx(["x"]), "b.epub": packages.epub({"a.xhtml": "x"})}))
    assert list(taken) == ["a.docx", "b.epub"]


def test_a_broken_archive_within_another_is_skipped() -> None:
    taken, expansion = _expand(packages.package({"in.zip": packages.package(_FILES)[:-30], "ok.txt": b"y"}))
    assert taken == {"ok.txt": b"y"}
    assert "is a damaged zip archive" in _reasons(expansion)["in.zip"]


@pytest.mark.parametrize(
    ("data", "limits", "words"),
    [
        (
            packages.package({f"{n}": b"x" for n in range(20)}),
            ArchiveLimits(max_members=10),
            "holds more than 10 files",
        ),
        (packages.package({"a": bytes(100)}), ArchiveLimits(max_total_bytes=50), "unpacks to far more than it should"),
        (gzip.compress(packages.tar([("a", bytes(20_000_000))])), ArchiveLimits(), "unpacks to far more"),
        (lzma.compress(packages.tar([("x", bytes(40_000_000))])), ArchiveLimits(), "unpacks to far more"),
    ],
    ids=["members", "bytes", "gzip bomb", "xz bomb"],
)
def test_what_is_too_much_is_refused(data: bytes, limits: ArchiveLimits, words: str) -> None:
    with pytest.raises(TooLarge, match=words):
        _expand(data, limits)


def test_a_member_that_is_a_bomb_or_too_large_is_skipped() -> None:
    taken, expansion = _expand(packages.package({"bomb.txt": bytes(20_000_000), "ok.txt": b"y"}))
    assert taken == {"ok.txt": b"y"}
    assert _reasons(expansion) == {"bomb.txt": "it unpacks to far more than it should"}
    data = packages.package({"large.bin": bytes(3 * 2**20)}, stored=True)
    assert (
        "it has 3 MB; at most 1 are taken" in _reasons(_expand(data, ArchiveLimits(max_member_bytes=2**20))[1]).values()
    )


def test_files_that_share_their_bytes_are_a_bomb() -> None:
    data = bytearray(packages.package({"aa": b"x" * 100, "bb": b"x" * 100}, stored=True))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = struct.pack("<L", 0)
    with pytest.raises(UnreadableDocument, match="share their bytes"):
        _expand(bytes(data))


def test_a_directory_that_lies_unpacks_no_further_than_it_says() -> None:
    data = packages.package({"a.txt": b"word " * 10_000})
    lying = data.replace(struct.pack("<L", 50_000), struct.pack("<L", 10))
    taken, expansion = _expand(lying)
    assert taken == {}
    assert "it is damaged" in _reasons(expansion)["a.txt"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 and nothing", "is a damaged zip archive"),
        (gzip.compress(b"no tar")[:-6], "is a damaged gzip archive"),
        (gzip.compress(packages.tar([("a", bytes(5000))]))[:60], "is a damaged gzip archive"),
        (b"\xfd7zXZ\x00 and nothing", "is a damaged xz archive"),
        (b"words", "is no zip and no tar"),
    ],
)
def test_what_is_no_archive_is_told(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableDocument, match=words):
        _expand(data)
