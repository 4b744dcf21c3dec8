"""Text in pictures. Every recognition takes seconds: the tests share few of them."""

from __future__ import annotations

import zlib
from difflib import SequenceMatcher

import pytest
from PIL import Image, ImageDraw

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import Limits, Page, boxes_of, read_document, read_isolated
from tests import documents, manual, packages
from tests.unit.reading.invariants import check

_ALARMS = 5  # the manual's page with headings, paragraphs and a table


def _likeness(page: Page) -> float:
    written = read_document(manual.operating_manual(), manual.NAME).pages[_ALARMS - 1].text
    return SequenceMatcher(None, written.split(), page.text.split(), autojunk=False).ratio()


async def test_a_scanned_page_is_read_with_its_structure_and_its_places() -> None:
    scan = packages.scan(manual.operating_manual(), _ALARMS)
    blank = Image.new("RGB", scan.size, "white")
    heard: list[tuple[int, int]] = []
    document = await read_isolated(
        documents.pictures([scan, blank], written="Scanned by the archive of the town, all rights reserved"),
        "scan.pdf", None, lambda read, of: heard.append((read, of)),
    )  # fmt: skip
    check(document)
    page = document.pages[0]
    assert _likeness(page) > 0.9
    assert document.notes == ["1 page has no text layer: the text was recognised (OCR) and may hold misread letters."]
    assert heard[-1] == (2, 2)
    assert {block.kind for block in page.blocks} >= {"heading", "paragraph", "table"}
    assert "A17 | Bearing temperature" in page.text
    written = read_document(manual.operating_manual(), manual.NAME).pages[_ALARMS - 1]
    for words in ("5 Alarms", "An alarm stays on the panel"):
        at, there = page.text.index(words), written.text.index(words)
        (seen,), (drawn,) = (boxes_of(page.lines, at, at + 8), boxes_of(written.lines, there, there + 8))
        assert abs(seen.x0 - drawn.x0) < 0.02
        assert abs(seen.y0 - drawn.y0) < 0.02


def test_a_scan_that_lies_on_its_side_is_turned() -> None:
    scan = packages.scan(manual.operating_manual(), _ALARMS, dots=110, turned=90)
    page = read_document(packages.picture(scan, "PNG"), "scan.png").pages[0]
    assert _likeness(page) > 0.85
    assert (page.width, page.height) == scan.size
    at = page.text.index("5 Alarms")
    (box,) = boxes_of(page.lines, at, at + 8)
    # The heading stands at the page's upper left: turned to the left, that is the lower left.
    assert box.y0 > 0.7
    assert box.x0 < 0.2


def test_every_page_of_a_picture_file_is_read() -> None:
    pages: list[Image.Image] = []
    for word in ("Water", "Valley"):
        page = Image.new("L", (500, 120), 255)
        ImageDraw.Draw(page).text((30, 30), f"{word} pressure", fill=0, font_size=40)
        pages.append(page)
    document = read_document(packages.picture(pages[0], "TIFF", pages[1:]), "fax.tif")
    assert [page.text for page in document.pages] == ["Water pressure", "Valley pressure"]
    assert (document.kind, document.pages[0].width, document.pages[0].height) == ("image", 500, 120)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF"])
def test_pictures_of_every_form_are_opened(form: str) -> None:
    with pytest.raises(UnreadableDocument, match="in which no text could be recognised"):
        read_document(packages.picture(Image.new("L", (300, 200), 255), form), "a.png")


def test_text_on_a_transparent_ground_and_in_sixteen_bits_is_seen() -> None:
    clear = Image.new("RGBA", (500, 120), (0, 0, 0, 0))
    ImageDraw.Draw(clear).text((30, 30), "Clear water", fill=(0, 0, 0, 255), font_size=40)
    assert read_document(packages.picture(clear), "a.png").pages[0].text == "Clear water"
    ink = Image.new("L", (500, 120), 200)
    ImageDraw.Draw(ink).text((30, 30), "Deep water", fill=50, font_size=40)
    deep = Image.frombytes("I;16", ink.size, b"".join(bytes([level, 11]) for level in ink.tobytes()))
    assert read_document(packages.picture(deep), "a.png").pages[0].text == "Deep water"


def test_too_many_pixels_and_pages_are_refused_before_they_are_unpacked() -> None:
    small = documents.png()
    head = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + small[24:29]
    bomb = small[:12] + head + zlib.crc32(head).to_bytes(4, "big") + small[33:]
    with pytest.raises(TooLarge, match="has more than 100,000,000 pixels"):
        read_document(bomb, "a.png")
    noise = Image.effect_noise((64, 64), 90)
    with pytest.raises(TooLarge, match="has more than 1 pictures"):
        read_document(documents.pictures([noise.convert("RGB")] * 2), "a.pdf", limits=Limits(max_recognitions=1))


@pytest.mark.parametrize("data", [documents.png()[:40], b"II*\x00" + bytes(60), b"GIF89a" + b"\xff" * 40])
def test_damaged_pictures_are_told(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="is a damaged picture"):
        read_document(data, "a.png")
