"""Books (EPUB 2 and 3): a page for each chapter of the spine, read as HTML."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import html
from inference.functions.reading.document import Page, ReadDocument, clean, one_line
from inference.functions.reading.markup import Element, parse
from inference.functions.reading.sniffing import quoted
from inference.functions.reading.task import Task
from inference.functions.reading.unpacking import unpack

_CONTAINER = "META-INF/container.xml"
_C = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENCRYPTED = "{http://www.w3.org/2001/04/xmlenc#}CipherReference"


def read(task: Task) -> ReadDocument:
    """Reads the chapters in the order of the spine; those without any text (covers, plates) are left out."""
    parts = unpack(task, "an EPUB book")
    package = _package(parts, task)
    root = parse(parts[package], task.name, package)
    locked = set(_locked(parts, task))
    chapters = list(_chapters(root, posixpath.dirname(package), parts))
    if locked.intersection(chapters):
        raise UnreadableDocument(
            f"{quoted(task.name)} is protected (DRM): its chapters are encrypted. Upload a copy that is not."
        )
    if len(chapters) > task.limits.max_pages:
        raise TooLarge(
            f"{quoted(task.name)} has {len(chapters):,} chapters; at most {task.limits.max_pages:,} are taken."
        )
    pages: list[Page] = []
    notes: list[str] = []
    for number, path in enumerate(chapters, 1):
        chapter = html.read(task.part(parts[path], path, "application/xhtml+xml"))
        notes += chapter.notes
        page = chapter.pages[0]
        if page.blocks:
            pages.append(replace(page, number=len(pages) + 1))
        task.on_page(number, len(chapters))
    if not pages:
        raise UnreadableDocument(f"{quoted(task.name)} is a book without any text in its chapters.")
    named = next(root.iter(_DC + "title"), None)
    title = one_line(clean(named.text or "")) if named is not None else ""
    title = title or next((block.title for page in pages for block in page.blocks if block.title), "")
    return ReadDocument("epub", title or None, pages, notes)


def _package(parts: Mapping[str, bytes], task: Task) -> str:
    """The path of the package document (EPUB Open Container Format 3.3, section 3.5.2.1)."""
    container = parts.get(_CONTAINER)
    files = parse(container, task.name, _CONTAINER).iter(_C + "rootfile") if container else iter(())
    path = next((file.get("full-path") or "" for file in files), "")
    if path not in parts or not parts[path]:
        raise UnreadableDocument(f"{quoted(task.name)} is a damaged EPUB: its container names no package document.")
    return path


def _chapters(package: Element, folder: str, parts: Mapping[str, bytes]) -> Iterator[str]:
    manifest = {item.get("id"): item for item in package.iter(_OPF + "item")}
    for reference in package.iter(_OPF + "itemref"):
        item = manifest.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        if parts.get(path):
            yield path


def _locked(parts: Mapping[str, bytes], task: Task) -> Iterator[str]:
    path = "META-INF/encryption.xml"
    if parts.get(path):
        for reference in parse(parts[path], task.name, path).iter(_ENCRYPTED):
            yield unquote(reference.get("URI") or "")
