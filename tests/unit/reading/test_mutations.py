"""Files with bytes changed, cut out and put in: what comes of them is a document or one of two errors."""

from __future__ import annotations

import gzip
import io
import zipfile
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.errors import TooLarge, UnreadableDocument
from inference.functions.reading import ArchiveLimits, Limits, read_document
from inference.functions.reading.archives import expand
from tests import documents, packages
from tests.unit.reading.invariants import check

_LIMITS = Limits(max_recognitions=0)


@cache
def _samples() -> dict[str, bytes]:
    return {
        "a.pdf": documents.pdf([[documents.Heading("One"), "Two", documents.Table([["a", "b"], ["c", "d"]])], "Three"]),
        "a.docx": documents.docx([documents.Heading("One"), "Two"]),
        "a.pptx": packages.pptx([("One", packages.shape("Two", "body"))], {1: "Note"}),
        "a.xlsx": packages.xlsx({"One": [["a", 1.5], ["b", 2]]}),
        "a.odt": packages.odf("text", "<text:h>One</text:h><text:p>x<text:s text:c='3'/></text:p><table:table/>"),
        "a.epub": packages.epub({"a.xhtml": "<h1>One</h1><p>Two</p>"}),
        "a.html": documents.html(),
        "a.md": b"# One\n\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n",
        "a.txt": "One\n\n- two\n\f\u00fcber \u6c34".encode(),
        "a.csv": b'a,b\n1,"2\n3"\n',
        "a.json": b'{"a": [1, {"b": null}], "c": "d"}',
        "a.eml": packages.mail("Hello", attachments={"a.txt": b"x", "b.docx": documents.docx(["y"])}).as_bytes(),
        "a.png": documents.png(),
    }  # fmt: skip


_change = st.tuples(st.floats(0, 1), st.integers(0, 12), st.binary(max_size=12))
"""Where, how many bytes are taken out, and what is put in their place."""


def _changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, out, into in changes:
        at = int(where * len(data))
        data = data[:at] + into + data[at + out :]
    return data


def _changed_within(data: bytes, part: float, changes: list[tuple[float, int, bytes]]) -> bytes:
    """A zip with one of its parts changed, as whoever means harm would: with the right check sums."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = sorted(parts)[int(part * (len(parts) - 1))]
    return packages.package(parts | {name: _changed(parts[name], changes)})


@pytest.mark.parametrize("name", _samples())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(_change, min_size=1, max_size=6), part=st.none() | st.floats(0, 1))
def test_a_changed_file_is_a_document_or_one_of_two_errors(
    name: str, changes: list[tuple[float, int, bytes]], part: float | None
) -> None:
    data = _samples()[name]
    within = part is not None and data.startswith(b"PK")
    try:
        changed = _changed_within(data, part or 0.0, changes) if within else _changed(data, changes)
        check(read_document(changed, name, limits=_LIMITS))
    except (UnreadableDocument, TooLarge) as error:
        assert name in error.message  # noqa: PT017 - either outcome is right


@settings(max_examples=60)
@given(
    st.sampled_from([packages.package({"a/b.txt": b"x" * 99, "c.zip": packages.package({"d": b"y"})}),
                     packages.tar([("a", b"x" * 99), ("b", b"y")]), gzip.compress(packages.tar([("a", b"x")]))]),
    st.lists(_change, min_size=1, max_size=6),
)  # fmt: skip
def test_a_changed_archive_is_expanded_or_one_of_two_errors(
    data: bytes, changes: list[tuple[float, int, bytes]]
) -> None:
    try:
        expand(io.BytesIO(_changed(data, changes)), "a.zip", lambda member, content: None, ArchiveLimits())
    except (UnreadableDocument, TooLarge) as error:
        assert "a.zip" in error.message or "c.zip" in error.message  # noqa: PT017 - either outcome is right
