"""Bytes as text: which encoding they are in, by what they show and by what is said of them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
# Encodings of the web (WHATWG Encoding Standard, 4.2), by the names that Python gives to what is declared; each is read
# as the larger one that is meant by it. UTF-8 is read anyway; what else Python has (punycode, unicode_escape) is no
# encoding of documents, and ASCII is declared of whatever there is.
_SAME = ("cp866", "koi8-r", "koi8-u", "mac-roman", "gb18030", "euc_jp", "iso2022_jp", "utf-16-le", "utf-16-be",
         *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
         *(f"cp{page}" for page in (874, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 932, 949)))  # fmt: skip
_WESTERN = "windows-1252"
_READ_AS = {
    **{name: name for name in _SAME},
    "cp1252": _WESTERN,
    "iso8859-1": _WESTERN,
    "utf-16": "utf-16-le",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
}
_ALSO = {"windows-31j": "cp932", "windows-949": "cp949", "windows-874": "cp874", "iso-8859-8-i": "iso8859-8"}
"""Names that Python does not know."""
_OF_TEXTS = ("text/", "application/xhtml", "application/json", "application/x-ndjson", "application/jsonl")
"""Content types of which a charset is believed."""
_UNREAD = re.compile("[\udc80-\udcff]")
"""How Python's `surrogateescape` (PEP 383) keeps bytes that it cannot decode."""
_ASCII = bytes(range(128))
_SHIFTS = (b"\x1b", b"\x00")
"""Of bytes that are no ASCII, though none of them is above 127: escape sequences (ISO 2022), halves of UTF-16."""


_NAMES = {
    _WESTERN: "Windows-1252",
    "cp874": "Windows-874",
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "big5hkscs": "Big5",
    "gb18030": "GBK",
    **{f"cp{page}": f"Windows-{page}" for page in range(1250, 1259)},
}
"""Encodings as people know them, where that is not what Python calls them."""


class Decoded(NamedTuple):
    """A text, the encoding that it was in, and the bytes that are none in it: each is a U+FFFD of the text.

    `told` is false when nothing told the encoding: neither the bytes, nor what is said of them.
    """

    text: str
    encoding: str
    unread: int
    told: bool = True

    @property
    def notes(self) -> list[str]:
        """What a reader of the text should know."""
        named = _NAMES.get(self.encoding, self.encoding.replace("_", "-").upper())
        notes: list[str] = []
        if not self.told:
            notes.append(
                f"Nothing says in which encoding this text is: that it is {named} was guessed. If it reads wrong, save "
                "it as UTF-8 and upload it anew."
            )
        if self.unread:
            notes.append(f"{self.unread:,} bytes could not be read: they are no {named}, which the rest is.")
        return notes


def charset_of(content_type: str | None) -> str:
    """The encoding that a content type names, as Python calls it; empty when it names none, one that is not known, or
    what is read anyway."""
    declared = _CHARSET.search(content_type or "")
    if declared is None:
        return ""
    name = declared.group(1).lower().removeprefix("x-")
    try:
        return _READ_AS.get(codecs.lookup(_ALSO.get(name, name)).name, "")
    except LookupError:
        return ""


def with_charset(content_type: str, declared: str) -> str:
    """A content type with the encoding that another, of the same bytes, names, if that has to be known to read them."""
    said = _CHARSET.search(declared)
    if said is None or not charset_of(declared) or not declared.lower().lstrip().startswith(_OF_TEXTS):
        return content_type
    return f"{content_type}; charset={said.group(1).lower()}"


def decode(data: bytes, charset: str = "") -> Decoded:
    """Bytes as text: by byte order mark, as UTF-8, in the encoding `charset` (`charset_of`), as UTF-8 that is damaged,
    else in the one that its letters look like (`guessing`), if nothing is said of it.

    What is UTF-8 throughout is read so whatever is said of it: no other encoding looks like that by chance. What looks
    like nothing that is known is Windows-1252. Never fails: bytes that no guess explains become U+FFFD, and are
    counted.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _forced(data[len(mark) :], encoding)
    guesses = ["utf-8", charset] if charset not in ("", _WESTERN) else ["utf-8"]
    if data.isascii() and any(shift in data for shift in _SHIFTS):
        guesses.reverse()
    for encoding in guesses:
        try:
            return Decoded(data.decode(encoding), encoding, 0)
        except UnicodeDecodeError:
            continue
    for encoding in reversed(guesses):
        if (damaged := _damaged(data, encoding)) is not None:
            return damaged
    return _forced(data, _WESTERN) if charset else _guessed(data)


def _guessed(data: bytes) -> Decoded:
    """What nothing is said of. That it is Windows-1252 need not be told, save when it does not even look so."""
    guess = cast("Callable[[bytes], str | None]", import_module("inference.functions.reading.guessing").guessed)
    encoding = guess(data) or ""
    found = _damaged(data, encoding) if encoding not in ("", "cp1252") else None
    return (found or _forced(data, _WESTERN))._replace(told=encoding == "cp1252")


def _forced(data: bytes, encoding: str) -> Decoded:
    """What is in an encoding for certain, or for want of a better one."""
    try:
        return Decoded(data.decode(encoding), encoding, 0)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return Decoded(text, encoding, text.count("\ufffd"))


def _damaged(data: bytes, encoding: str) -> Decoded | None:
    """What is in an encoding but for some bytes; None for what is not.

    The letters beyond ASCII that can be read must be as many as the bytes that cannot: what is in another encoding has
    hardly any sequence that is UTF-8 by chance, GBK one in ten.
    """
    try:
        text, unread = _UNREAD.subn("\ufffd", data.decode(encoding, "surrogateescape"))
    except UnicodeDecodeError:
        return None
    letters = len(text) - (len(data) - len(data.translate(None, _ASCII))) - unread
    return Decoded(text, encoding, unread) if letters >= unread else None
