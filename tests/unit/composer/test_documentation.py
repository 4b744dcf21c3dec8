"""What docs/toolchains.md, docs/pages.md and toolchains/ show is without faults."""

from __future__ import annotations

import re

from inference.composer import check_toolchain, shipped_toolchains
from inference.composer.nodes import PERFORM
from inference.composer.values import ALL_OPERATORS
from inference.models.page import PageDefinition
from tests.documentation import PAGE, PAGES, examples


def test_examples_in_the_documentation_have_no_faults() -> None:
    assert {example.toolchain["id"]: check_toolchain(example.toolchain)[1] for example in examples()} == {
        example.toolchain["id"]: [] for example in examples()
    }
    assert len(examples()) == PAGE.read_text().count("```json")


def test_every_kind_and_operator_is_in_the_documentation() -> None:
    page = PAGE.read_text()
    assert set(re.findall(r"^### `(\w+)`$", page, re.MULTILINE)) == set(PERFORM)
    table = page.partition("| operator | operands | gives |")[2].partition("\n\n")[0]
    listed = [name for row in table.splitlines()[2:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert sorted(listed) == sorted(ALL_OPERATORS)


def test_pages_in_the_documentation_have_no_faults_and_every_kind_is_there() -> None:
    (example,) = examples(PAGES)
    assert check_toolchain(example.toolchain)[1] == []
    page = PAGES.read_text()
    shapes = PageDefinition.model_json_schema()["$defs"]
    for shape, field in (("PageElement", "kind"), ("PageAction", "do")):
        table = page.partition(f"| `{field}` |")[2].partition("\n\n")[0]
        listed = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}
        assert listed == set(shapes[shape]["discriminator"]["mapping"])


def test_shipped_toolchains_have_no_faults() -> None:
    assert {name: check_toolchain(definition)[1] for name, definition in shipped_toolchains().items()} == {
        name: []
        for name in (
            "chat", "crawl_site", "extract", "ingest_document", "ingest_objects", "rag", "reindex_collection",
            "research", "self_guided_rag", "summarize_document", "test_toolchain",
        )
    }  # fmt: skip
