"""Encodings of texts: by their bytes, and by what is said of them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.functions.reading import read_document, with_charset
from inference.functions.reading.charsets import charset_of, decode
from inference.functions.reading.guessing import guessed

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


_SENTENCES = {
    "cp1250": "Pompa została zatrzymana. W przypadku awarii należy natychmiast wyłączyć zasilanie i wezwać mechanika.",
    "cp1251": "Привет мир, это тест кодировки дюгонь. Насос остановлен, вызовите мастера.",
    "koi8-r": "Привет мир, это тест кодировки дюгонь. Насос остановлен, вызовите мастера.",
    "cp866": "Привет мир, это тест кодировки дюгонь. Насос остановлен, вызовите мастера.",
    "cp1253": "Καλημέρα κόσμε. Η αντλία σταμάτησε και πρέπει να καλέσετε τον τεχνικό σήμερα.",
    "cp1254": "Türkçe bir metin: güneşli bir gün. Çocuklar okula gidiyor ve öğretmen ağaçları anlatıyor.",
    "cp1255": "שלום עולם. המשאבה נעצרה ויש להתקשר לטכנאי. מחר בבוקר נבדוק את כל השסתומים.",
    "cp1256": "مرحبا بالعالم. توقفت المضخة ويجب الاتصال بالفني. غدا صباحا سنفحص جميع الصمامات.",
    "cp932": "日本語の文書です。ポンプが停止しました。担当者に連絡してください。",
    "euc_jp": "日本語の文書です。ポンプが停止しました。担当者に連絡してください。",
    "gb18030": "这是一个中文文档。水泵已经停止运行，请联系维修人员。",
    "big5hkscs": "這是一個中文文件。水泵已經停止運行，請聯繫維修人員。",
    "cp949": "이것은 한국어 문서입니다. 펌프가 멈췄습니다. 담당자에게 연락해 주세요.",
}


@pytest.mark.parametrize(("encoding", "text"), _SENTENCES.items())
def test_a_few_sentences_tell_their_encoding(encoding: str, text: str) -> None:
    document = read_document(text.encode(encoding), "a.txt")
    assert document.pages[0].text == text
    assert len(document.notes) == 1
    assert "was guessed. If it reads wrong, save it as UTF-8 and upload it anew." in document.notes[0]


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("begin", range(3))
def test_a_long_text_tells_its_encoding_though_no_space_and_no_line_ends(encoding: str, begin: int) -> None:
    data = b"A line of its own.\n" * 9_000 + b"a" * begin + _SENTENCES[encoding].encode(encoding) * 2_000
    assert guessed(data) == encoding


def test_bytes_without_end_are_guessed_at_once() -> None:
    began = time.process_time()
    for data in (
        b"\xe4 " * 10_000_000,
        b"a" * 20_000_000 + b"\xe4",
        b"\xe4\xc3\xf1" * 7_000_000,
        bytes(range(256)) * 80_000,
    ):
        guessed(data)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        "Die Grüße aus Köln sind schön. Über den Straßen fliegen Vögel, während die Bäume größer werden. 5 m³, £ 3",
        "Le café était fermé à cause de la grève. Les élèves ont déjà mangé leur déjeuner à l’école.",
        "El niño comió una manzana mañana. ¿Dónde está la señora que compró el jamón español? ¡Aquí!",
        "A situação não é fácil, mas vamos conseguir uma solução amanhã, com atenção e coração.",
        "Det är en vacker dag på ön. Många människor går på gatorna för att köpa smör och bröd.",
        "Rødgrød med fløde. Børnene på skolen spiser æbler og pærer.", "Hyvää päivää, äiti meni metsään.",
        "Það er gott að búa á Íslandi. Börnin fóru í skóla og lærðu þýsku.", "La città è più bella perché c’è libertà.",
        "Name;Ort;Straße\nMüller;Köln;Bäckergasse 4", "Temp 40°C ±2, 5 µm, §4", "It’s a “quoted” text – with dashes…",
        "Café", "¡Mañana!", "Prix : 10 €", "£5, £10, £20, £30, £40", "Übergrößenträger", "ÉLÉPHANT «ÇA VA?» ÉTÉ",
    ],
)  # fmt: skip
def test_western_texts_are_windows_1252_however_short(text: str) -> None:
    document = read_document(text.encode("cp1252"), "a.txt")
    assert (document.pages[0].text, document.notes) == (text, [])


def test_what_looks_like_nothing_known_is_windows_1252_and_says_so() -> None:
    document = read_document("Насос".encode("cp1251"), "a.txt")
    assert document.pages[0].text == "Íàñîñ"
    assert document.notes[0].startswith("Nothing says in which encoding this text is: that it is Windows-1252 was")
    assert read_document("Насос".encode("cp1251"), "a.txt", "text/plain; charset=iso-8859-1").notes == []


def test_an_encoding_is_not_guessed_that_is_declared() -> None:
    data = _SENTENCES["cp1251"].encode("cp1251")
    for declared in ("iso-8859-1", "windows-1252"):
        document = read_document(data, "a.txt", f"text/plain; charset={declared}")
        assert (document.pages[0].text, document.notes) == (data.decode("cp1252"), [])
    page = read_document(b"<meta charset=latin1><p>" + data, "a.html")
    assert (page.pages[0].text, page.notes) == (data.decode("cp1252"), [])


def test_a_content_type_keeps_a_charset_that_has_to_be_known() -> None:
    assert with_charset("text/plain", "text/plain; charset=Shift_JIS") == "text/plain; charset=shift_jis"
    assert with_charset("text/plain", "text/plain; charset=Latin1") == "text/plain; charset=latin1"
    for declared in ("text/plain; charset=utf-8", "text/plain; charset=no-such", "application/pdf; charset=koi8-r", ""):
        assert with_charset("text/plain", declared) == "text/plain"
    assert charset_of(with_charset("text/html", "text/html;charset=windows-1251")) == "cp1251"


@given(st.binary(max_size=200), st.sampled_from(["", "cp932", "cp1251", "iso2022_jp", "utf-16-le", "gb18030"]))
def test_any_bytes_are_a_text(data: bytes, charset: str) -> None:
    decoded = decode(data, charset)
    decoded.text.encode(errors="strict")
    assert decoded.unread <= decoded.text.count("\ufffd")
