"""Zips as wholes: a directory counts only where it is that of the whole file. Sections are APPNOTE.TXT 6.3.10's."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

LOCAL_HEADER_BYTES = 30
"""Of an entry, before its name: 4.3.7."""
_LOCAL_HEADER = b"PK\x03\x04"
_SIZE_FOLLOWS = 1 << 3  # of an entry's flags: its sizes stand behind its bytes (4.4.4)
_END, _END_BYTES = b"PK\x05\x06", 22  # 4.3.16
_END_64, _END_64_BYTES = b"PK\x06\x06", 56  # 4.3.14
_LOCATOR_64, _LOCATOR_64_BYTES = b"PK\x06\x07", 20  # 4.3.15
_LONGEST_COMMENT = 65_535


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Raises as ZipFile does, and BadZipFile where the file ends with the directory of an archive that is stored in it:
    its own was cut off."""
    archive = zipfile.ZipFile(file)
    if _told_begin(file) != archive.start_dir:
        raise zipfile.BadZipFile("its end is missing")
    return archive


def entry_names(data: bytes) -> Iterator[bytes]:
    """The names of a zip's entries by what stands before each of them, as far as that leads: it may be cut."""
    at = 0
    while data.startswith(_LOCAL_HEADER, at) and at + LOCAL_HEADER_BYTES <= len(data):
        (flags,), (packed,) = struct.unpack_from("<H", data, at + 6), struct.unpack_from("<L", data, at + 18)
        name, extra = struct.unpack_from("<HH", data, at + 26)
        begin = at + LOCAL_HEADER_BYTES
        yield data[begin : begin + name]
        at = begin + name + extra
        at = data.find(_LOCAL_HEADER, at) if flags & _SIZE_FOLLOWS else at + packed
        if at < 0:
            return


def _told_begin(file: BinaryIO) -> int:
    """Where the directory of a zip begins by its end, which ZipFile has found."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_COMMENT - _END_BYTES - _LOCATOR_64_BYTES - _END_64_BYTES))
    tail = file.read()
    end = tail.rfind(_END)
    locator = end - _LOCATOR_64_BYTES
    end_64 = locator - _END_64_BYTES
    if end_64 >= 0 and tail.startswith(_LOCATOR_64, locator) and tail.startswith(_END_64, end_64):
        return struct.unpack_from("<Q", tail, end_64 + 48)[0]
    return struct.unpack_from("<L", tail, end + 16)[0]
