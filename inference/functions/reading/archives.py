"""Archives, and files that were compressed, as the files in them: nothing is written, leads out or grows endlessly."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading.charsets import decode
from inference.functions.reading.limits import ArchiveLimits
from inference.functions.reading.members import Expansion, Member, Skipped
from inference.functions.reading.sniffing import archive_format, quoted
from inference.functions.reading.zips import LOCAL_HEADER_BYTES, open_zip

_Opened = Callable[[], bytes]
_Entry = tuple[str, int, str, _Opened | None]
"""Name, bytes that it says it has, why it is not taken (or an empty text), and what reads it."""

_RATIO_FROM = 8 * 1024 * 1024
_UTF_8 = 1 << 11  # of a zip's flags: its names are UTF-8 (APPNOTE.TXT 6.3.10, 4.4.4 and appendix D), else code page 437
_CHUNK_BYTES = 1024 * 1024
_LONGEST_NAME = 1_000
_CLUTTER = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
"""What systems put into archives beside what people do."""
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
            NotImplementedError, RuntimeError)  # fmt: skip
_ENDINGS = (".gz", ".bz2", ".xz")
"""Of one file that was compressed."""
_COMPRESSED: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    "gzip": lambda file: cast(BinaryIO, gzip.GzipFile(fileobj=file)),
    "bzip2": lambda file: cast(BinaryIO, bz2.BZ2File(file)),
    "xz": lambda file: cast(BinaryIO, lzma.LZMAFile(file)),  # noqa: SIM115 - closed with the file that it reads
}


def expand(file: BinaryIO, name: str, on_member: Callable[[Member, bytes], None], limits: ArchiveLimits) -> Expansion:
    """Tells the files in an archive; `expand_archive_isolated` tells the rest."""
    size = file.seek(0, 2)
    file.seek(0)
    expanding = _Expanding(name, on_member, limits, size)
    expanding.expand(file, "", 1)
    return expanding.expansion


class _Expanding:
    """One expansion: what was taken so far, and what of the limits is left."""

    def __init__(self, name: str, on_member: Callable[[Member, bytes], None], limits: ArchiveLimits, size: int) -> None:
        self.expansion = Expansion()
        self._name, self._on_member, self._limits = name, on_member, limits
        self._names: set[str] = set()
        self._entries = 0
        self._left = min(limits.max_total_bytes, max(size * limits.max_unpacking_ratio, _RATIO_FROM))

    def expand(self, file: BinaryIO, folder: str, depth: int) -> None:
        """Takes what is in an archive; `folder` stands before its members' names."""
        shown = folder.rstrip("/") or self._name
        form = archive_format(file)
        if form is None:
            raise UnreadableDocument(f"{quoted(shown)} is no zip and no tar archive.")
        try:
            if form == "zip":
                entries = self._zip(file)
            elif form == "tar" or _holds_tar(file, form):
                entries = self._tar(file, form)
            else:
                entries = self._single(file, form, shown)
            for name, size, reason, read in entries:
                self._entries += 1
                if self._entries > self._limits.max_members:
                    raise TooLarge(
                        f"{quoted(self._name)} holds more than {self._limits.max_members:,} files. Split it into "
                        "smaller archives."
                    )
                self._take(folder, name, size, reason, read, depth)
        except _DAMAGED as error:
            raise UnreadableDocument(
                f"{quoted(shown)} is a damaged {form} archive ({str(error)[:120]}). Make or download it anew."
            ) from error

    def _take(self, folder: str, name: str, size: int, reason: str, read: _Opened | None, depth: int) -> None:
        safe = _safe(name)
        path = folder + (safe or name)
        reason = reason or ("" if safe else "its path leads out of the archive, or cannot be one")
        if not reason and path in self._names:
            reason = "a file of this name came before it"
        if not reason and size > self._limits.max_member_bytes:
            most = self._limits.max_member_bytes // 2**20
            reason = f"it has {size // 2**20:,} MB; at most {most:,} are taken"
        if reason or read is None:
            self._skip(path, reason)
            return
        self._names.add(path)
        try:
            data = read()
        except _DAMAGED as error:
            self._skip(path, f"it is damaged ({str(error)[:120]})")
            return
        if archive_format(BytesIO(data)) is None:
            member = Member(path, len(data))
            self._on_member(member, data)
            self.expansion.members.append(member)
        elif depth >= self._limits.max_depth:
            self._skip(path, f"it is an archive more than {self._limits.max_depth - 1} archives deep")
        else:
            try:
                self.expand(BytesIO(data), f"{path}/", depth + 1)
            except UnreadableDocument as error:
                self._skip(path, error.message)

    def _skip(self, name: str, reason: str) -> None:
        shown = "".join(c if c.isprintable() else "?" for c in name)[:_LONGEST_NAME]
        self.expansion.skipped.append(Skipped(shown, reason))

    def _zip(self, file: BinaryIO) -> Iterator[_Entry]:
        with open_zip(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            self._refuse_overlaps(infos)
            for info in infos:
                yield _zip_name(info), info.file_size, self._why_not(info), lambda info=info: self._unzip(archive, info)

    def _why_not(self, info: zipfile.ZipInfo) -> str:
        mode = stat.S_IFMT(info.external_attr >> 16)
        if _CLUTTER.search(info.filename):
            return "a system put it there, not a person"
        if info.flag_bits & 1:
            return "it is encrypted"
        if mode not in (0, stat.S_IFREG):
            return "it is a link or a device, not a file"
        if info.file_size > max(_RATIO_FROM, info.compress_size * self._limits.max_unpacking_ratio):
            return "it unpacks to far more than it should"
        return ""

    def _refuse_overlaps(self, infos: list[zipfile.ZipInfo]) -> None:
        """Raises for entries that share bytes: a small file so holds petabytes (Fifield, A better zip bomb, 2019)."""
        reached = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset < reached:
                raise UnreadableDocument(
                    f"{quoted(self._name)} has files that share their bytes: it was made to do harm, and is not "
                    "unpacked."
                )
            reached = info.header_offset + LOCAL_HEADER_BYTES + len(info.orig_filename) + info.compress_size

    def _unzip(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        with archive.open(info) as stream:
            return self._counted(cast(BinaryIO, stream), info.file_size)

    def _tar(self, file: BinaryIO, form: str) -> Iterator[_Entry]:
        stream = _Bounded(_COMPRESSED[form](file) if form in _COMPRESSED else file, self)
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r|", encoding="utf-8", tarinfo=_Header) as archive:
            for info in archive:
                if info.isdir():
                    continue
                reason = ""
                if _CLUTTER.search(info.name):
                    reason = "a system put it there, not a person"
                elif not info.isreg():
                    reason = "it is a link or a device, not a file"
                elif info.issparse():
                    reason = "it is a file with holes"
                yield _tar_name(info), info.size, reason, lambda info=info: self._untar(archive, info)

    def _untar(self, archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
        stream = archive.extractfile(info)
        return self._counted(cast(BinaryIO, stream), info.size) if stream else b""

    def _single(self, file: BinaryIO, form: str, name: str) -> Iterator[_Entry]:
        """What is compressed and no tar: one file, of which nothing says how large it is."""
        path = PurePosixPath(name)
        data = self._whole(file, form)
        yield path.stem if path.suffix.lower() in _ENDINGS else path.name, len(data), "", lambda: data

    def _whole(self, file: BinaryIO, form: str) -> bytes:
        stream = _COMPRESSED[form](file)
        parts: list[bytes] = []
        size = 0
        while part := stream.read(_CHUNK_BYTES):
            self.spend(len(part))
            parts.append(part)
            size += len(part)
            if size > self._limits.max_member_bytes:
                raise TooLarge(
                    f"{quoted(self._name)} holds a file of more than {self._limits.max_member_bytes // 2**20:,} MB. "
                    "Split it into smaller files."
                )
        return b"".join(parts)

    def _counted(self, stream: BinaryIO, size: int) -> bytes:
        parts: list[bytes] = []
        while size > 0 and (part := stream.read(min(size, _CHUNK_BYTES))):
            self.spend(len(part))
            size -= len(part)
            parts.append(part)
        if size:
            raise EOFError("it ends too early")
        return b"".join(parts)

    def spend(self, count: int) -> None:
        """Counts bytes that were unpacked. Raises TooLarge when they are too many."""
        self._left -= count
        if self._left < 0:
            raise TooLarge(
                f"{quoted(self._name)} unpacks to far more than it should: at most "
                f"{self._limits.max_total_bytes // 2**20:,} MB, and {self._limits.max_unpacking_ratio} times its own "
                "size, are taken. Split it into smaller archives."
            )


class _Header(tarfile.TarInfo):
    """A header of a tar, which ends with a block of zeros and nothing else: `tarfile` takes any that is no header for
    its end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> tarfile.TarInfo:
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if len(buf) == tarfile.BLOCKSIZE and not any(buf):
                raise
            raise tarfile.ReadError("its end is missing" if not buf else str(error)) from error


class _Bounded:
    """A stream of a tar, of which what lies between the files that are taken counts too."""

    def __init__(self, stream: BinaryIO, expanding: _Expanding) -> None:
        self._stream, self._expanding = stream, expanding

    def read(self, size: int) -> bytes:
        """At most `size` bytes."""
        part = self._stream.read(size)
        self._expanding.spend(len(part))
        return part


def _holds_tar(file: BinaryIO, form: str) -> bool:
    """Whether what is compressed is a tar, if only by its first header, or the end that an empty one has."""
    head = _COMPRESSED[form](file).read(tarfile.BLOCKSIZE)
    file.seek(0)
    if not head.strip(b"\x00"):
        return len(head) == tarfile.BLOCKSIZE
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _zip_name(info: zipfile.ZipInfo) -> str:
    """An entry's name: as UTF-8 also where nothing says so (macOS does not), if it is; else as the standard has it."""
    if not info.flag_bits & _UTF_8:
        try:
            return info.filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return info.filename


def _tar_name(info: tarfile.TarInfo) -> str:
    """A member's name, which may be in any encoding: nothing says in which."""
    return decode(info.name.encode(errors="surrogateescape")).text


def _safe(name: str) -> str:
    """A member's name as a relative path without `.`; empty for one that is absolute, leads up or holds controls."""
    path = name.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    leads_out = path.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", path) is not None
    if leads_out or not all(c.isprintable() for c in path) or len(path) > _LONGEST_NAME:
        return ""
    return "/".join(parts)
