"""CSV and JSON."""

from __future__ import annotations

import json

import pytest

from inference.errors import UnreadableDocument
from inference.functions.reading import chunk_document, read_document
from tests.unit.reading.counters import Words
from tests.unit.reading.invariants import told


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Name,Note\nP1,"says ""hi"", twice"\n,\nP2,x\n', "a.csv"),
        ('Name;Note\nP1;says "hi", twice\nP2;x\n', "a.csv"),
        ('Name\tNote\nP1\tsays "hi", twice\nP2\tx\n', "a.tsv"),
        ('Name|Note\r\nP1|says "hi", twice\r\nP2|x', "a.csv"),
    ],
)
def test_the_sign_between_values_is_told_from_the_lines(text: str, name: str) -> None:
    assert told(read_document(text.encode(), name)) == [(1, "table", 'Name | Note\nP1 | says "hi", twice\nP2 | x')]


def test_a_bar_in_a_value_is_no_border() -> None:
    assert told(read_document(b"Name,Note\nP1,a|b\nP2,|\n", "a.csv")) == [
        (1, "table", "Name | Note\nP1 | a\\|b\nP2 | \\|")
    ]


def test_a_long_table_has_pages_and_its_chunks_know_its_head() -> None:
    text = "Name,Pressure\n" + "".join(f"pump {n},{n} bar\n" for n in range(2500))
    document = read_document(text.encode(), "a.csv")
    told(document)
    assert [len(page.text.split("\n")) for page in document.pages] == [1000, 1000, 501]
    chunks = chunk_document(document, Words(), most=100)
    assert chunks[0].headings == ()
    assert {chunk.headings for chunk in chunks[1:]} == {("Name | Pressure",)}
    assert all(line.startswith("pump") for chunk in chunks[1:] for line in chunk.text.split("\n"))


def test_a_value_without_end_is_told() -> None:
    with pytest.raises(UnreadableDocument, match="is no table of values"):
        read_document(b'a,"' + b"x" * 2_000_000, "a.csv")


def test_json_is_read_under_the_paths_of_its_keys() -> None:
    data = {"title": "Config", "pumps": [{"name": "P1", "tags": ["a", "b"], "on": True}, {"name": None}]}
    document = read_document(json.dumps(data).encode(), "a.json")
    assert document.title == "Config"
    assert told(document) == [
        (1, "code", "title: Config"),
        (
            1,
            "code",
            "pumps[0].name: P1\npumps[0].tags[0]: a\npumps[0].tags[1]: b\npumps[0].on: true\npumps[1].name: null",
        ),
    ]


def test_flat_records_are_a_table_and_others_blocks() -> None:
    flat = [{"name": f"P{n}", "kw": n} for n in range(3)]
    assert told(read_document(json.dumps(flat).encode(), "a.json")) == [
        (1, "table", "name | kw\nP0 | 0\nP1 | 1\nP2 | 2")
    ]
    lines = b'{"a": 1}\n\n{"b": {"c": [1, 2]}}\n'
    assert told(read_document(lines, "a.jsonl")) == [(1, "code", "a: 1"), (1, "code", "b.c[0]: 1\nb.c[1]: 2")]


def test_a_number_of_any_length_is_read_as_it_is_written() -> None:
    number = "-" + "9" * 1_000_000
    assert told(read_document(f'{{"a": {number}, "b": 1}}'.encode(), "a.json")) == [
        (1, "code", f"a: {number}"),
        (1, "code", "b: 1"),
    ]
    assert told(read_document(f"{number}\n[2]\n".encode(), "a.jsonl"))[0] == (1, "code", number)


def test_a_number_too_large_for_a_float_is_read_as_it_is_written() -> None:
    assert told(read_document(b'{"a": [1e400, -1.5E+999, 0.1, 2e2]}', "a.json")) == [
        (1, "code", "a[0]: 1e400\na[1]: -1.5E+999\na[2]: 0.1\na[3]: 200.0")
    ]


def test_a_key_is_told_though_its_value_holds_nothing() -> None:
    data = b'{"tags": [], "more": {}, "pumps": [{"name": "P1", "tags": []}, {}], "none": ""}'
    assert told(read_document(data, "a.json")) == [
        (1, "code", "tags: []"),
        (1, "code", "more: {}"),
        (1, "code", "pumps[0].name: P1\npumps[0].tags: []\npumps[1]: {}"),
    ]
    assert told(read_document(b'{}\n[]\n{"a": {}}\n', "a.jsonl")) == [(1, "code", "a: {}")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{not json", "neither JSON"),
        ('{"a": 1}\nx', "line 2 is none"),
        ("[" * 100_000, "nested too deep"),
        ("{}", "no text"),
    ],
)
def test_what_is_no_json_is_told(text: str, words: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(text.encode(), "a.json")
    assert words in caught.value.message
