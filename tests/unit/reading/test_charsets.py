"""Encodings of texts: by their bytes, and by what is said of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.functions.reading import read_document, with_charset
from inference.functions.reading.charsets import charset_of, decode

_JAPANESE = "\u65e5\u672c\u8a9e\u306e\u6587\u66f8\u3067\u3059\u3002"
_RUSSIAN = "\u041d\u0430\u0441\u043e\u0441 \u043e\u0441\u0442\u0430\u043d\u043e\u0432\u043b\u0435\u043d."


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (_JAPANESE, "shift_jis"), (_JAPANESE, "Windows-31J"), (_JAPANESE, "x-sjis"), (_JAPANESE, "EUC-JP"),
        (_JAPANESE, "iso-2022-jp"), (_RUSSIAN, "windows-1251"), (_RUSSIAN, "KOI8-R"), (_RUSSIAN, "iso-8859-5"),
        ("\u4f60\u597d\u4e16\u754c", "gb2312"), ("\u4f60\u597d\u4e16\u754c", "big5"), ("\uc548\ub155", "euc-kr"),
    ],
)  # fmt: skip
def test_a_text_is_read_in_the_charset_that_is_declared(text: str, charset: str) -> None:
    data = text.encode({"Windows-31J": "cp932", "x-sjis": "cp932"}.get(charset, charset))
    for name, content_type in [("a.txt", "text/plain"), ("a.csv", "text/csv"), ("a.md", "text/markdown")]:
        document = read_document(data, name, f'{content_type}; charset="{charset}"')
        assert (document.pages[0].text, document.notes) == (text, [])


@pytest.mark.parametrize("charset", ["no-such", "idna", "unicode_escape", "rot13", "utf-7", "", "shift_jis"])
def test_what_is_utf_8_is_read_so_whatever_is_declared(charset: str) -> None:
    text = f"{_JAPANESE} \\u0041"
    document = read_document(text.encode(), "a.txt", f"text/plain; charset={charset}")
    assert (document.pages[0].text, document.notes) == (text, [])


@pytest.mark.parametrize(
    ("data", "name", "text", "unread"),
    [
        ("Die Gr\u00fc\u00dfe".encode() + b"\xff sind hier.", "a.txt", "Die Gr\u00fc\u00dfe\ufffd sind hier.", 1),
        ((_RUSSIAN + _JAPANESE).encode()[:-1], "a.log", _RUSSIAN + _JAPANESE[:-1] + "\ufffd\ufffd", 2),
        ("# Gr\u00fc\u00dfe\n".encode() + b"\xe9", "a.md", "# Gr\u00fc\u00dfe\n\ufffd", 1),
        ("a,b\nGr\u00fc\u00dfe,".encode() + b"\xe9", "a.csv", "a | b\nGr\u00fc\u00dfe | \ufffd", 1),
        ('{"a": "Gr\u00fc\u00dfe'.encode() + b'\xe9"}', "a.json", "a: Gr\u00fc\u00dfe\ufffd", 1),
        ("<meta charset=utf-8><p>Gr\u00fc\u00dfe".encode() + b"\xe9", "a.html", "Gr\u00fc\u00dfe\ufffd", 1),
    ],
)
def test_bytes_that_cannot_be_read_change_no_others_and_are_counted(
    data: bytes, name: str, text: str, unread: int
) -> None:
    document = read_document(data, name)
    assert document.pages[0].text == text
    assert document.notes == [f"{unread} bytes could not be read: they are no UTF-8, which the rest is."]


@pytest.mark.parametrize("text", ["na\u00efve caf\u00e9", "Gr\u00fc\u00dfe aus K\u00f6ln, 5 \u20ac"])
def test_what_is_no_utf_8_and_says_nothing_is_windows_1252(text: str) -> None:
    document = read_document(text.encode("cp1252"), "a.txt", "text/plain; charset=utf-8")
    assert (document.pages[0].text, document.notes) == (text, [])


def test_a_content_type_keeps_a_charset_that_has_to_be_known() -> None:
    assert with_charset("text/plain", "text/plain; charset=Shift_JIS") == "text/plain; charset=shift_jis"
    for declared in ("text/plain; charset=utf-8", "text/plain; charset=no-such", "application/pdf; charset=koi8-r", ""):
        assert with_charset("text/plain", declared) == "text/plain"
    assert charset_of(with_charset("text/html", "text/html;charset=windows-1251")) == "cp1251"


@given(st.binary(max_size=200), st.sampled_from(["", "cp932", "cp1251", "iso2022_jp", "utf-16-le", "gb18030"]))
def test_any_bytes_are_a_text(data: bytes, charset: str) -> None:
    decoded = decode(data, charset)
    decoded.text.encode(errors="strict")
    assert decoded.unread <= decoded.text.count("\ufffd")
