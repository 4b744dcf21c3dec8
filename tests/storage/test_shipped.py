"""What the shipped toolchains are made of, on the real engine."""

from __future__ import annotations

import re
from typing import Any

import pytest

from inference.composer import check_toolchain, shipped_toolchains
from inference.errors import NotFound
from inference.functions import find, invoke
from tests.storage.bench import Bench, chain
from tests.storage.shelf import CLEVER, CleverModel, shelve
from tests.storage.shipped import PUMP, ran


class TestDocumentChunks:
    async def test_pages_of_chunks(self, bench: Bench) -> None:
        _, ids = await shelve(bench, {"pump.txt": [*PUMP, "A < B & C"]})
        target = find("fetch_document_chunks")

        async def page(**given: Any) -> Any:
            return await invoke(target, bench.ctx, target.request.model_validate(given))

        first = await page(document_id=ids["pump.txt"], limit=3)
        assert [chunk.text for chunk in first.chunks] == PUMP
        assert (first.chunk_count, first.next_after, first.document_name) == (4, 2, "pump.txt")
        assert first.context.startswith('<source n="1" document="pump.txt" page="1">\nThe pump P-7')
        rest = await page(document_id=ids["pump.txt"], after=first.next_after)
        assert [chunk.ordinal for chunk in rest.chunks] == [3]
        assert rest.next_after is None
        assert '<source n="4"' in rest.context
        assert "A &lt; B &amp; C" in rest.context
        assert (await page(document_id=ids["pump.txt"], after=3)).chunks == []
        with pytest.raises(NotFound):
            await page(document_id="0196a4f2-0000-7000-8000-00000000dead")

    async def test_a_document_that_was_never_read_has_none(self, bench: Bench) -> None:
        _, ids = await shelve(bench, {"lost.pdf": []})
        target = find("fetch_document_chunks")
        found = await invoke(target, bench.ctx, target.request(document_id=ids["lost.pdf"]))
        assert (found.chunks, found.context, found.next_after) == ([], "", None)


class TestWhatTheyAreMadeOf:
    """What of the language these toolchains need first."""

    async def test_known_sources_keep_their_numbers(self, bench: Bench) -> None:
        await shelve(bench, {"pump.txt": PUMP})

        async def call(name: str, **given: Any) -> Any:
            return await invoke(find(name), bench.ctx, find(name).request.model_validate(given))

        hits = (await call("search_hybrid", query="gasket", collection_ids=[])).hits
        first = await call("cite_sources", hits=[hits[0], hits[0]])
        assert [source.n for source in first.sources] == [1]
        assert first.context.count("<source") == 1
        known = [first.sources[0].model_copy(update={"n": 7})]
        later = await call("cite_sources", hits=[hits[1], hits[0]], known=known)
        assert [(source.n, source.chunk_id) for source in later.sources] == [
            (7, hits[0].chunk_id),
            (8, hits[1].chunk_id),
        ]
        assert re.findall(r'<source n="(\d+)"', later.context) == ["8", "7"]

    async def test_an_update_streams_what_it_adds(self, bench: Bench) -> None:
        changes = [
            {"op": "set", "path": "answer", "value": "A "},
            {"op": "append", "path": "answer", "value": "heron"},
            {"op": "set", "path": "answer", "value": "Another"},
            {"op": "set", "path": "other", "value": "hidden"},
        ]
        definition = chain(
            {"id": "say", "kind": "update", "changes": changes},
            state={"answer": {"type": "string"}, "other": {"type": "string"}},
            output={"answer": {"ref": "state.answer"}},
            stream="answer",
        )
        await bench.save(definition)
        output, events = await ran(bench, "probe")
        assert output == {"answer": "Another"}
        deltas = [event.data for event in events if event.event == "delta"]
        assert deltas == [{"node": "say", "path": "answer", "text": "A heron"}]

    def test_what_a_form_is_filled_in_with_is_checked(self) -> None:
        form = {"type": "object", "properties": {"a": {"type": "string", "default": {"ref": "state.none"}}}}
        _, faults = check_toolchain(chain({"id": "ask", "kind": "approval", "form": form}))
        assert [fault.path for fault in faults] == ["nodes[0].form.properties.a.default"]

    @pytest.mark.parametrize("schema", [{"ref": "input.schema"}, {"expr": {"get": [{"ref": "input"}, "schema"]}}])
    async def test_a_schema_that_the_run_brings(
        self, bench: Bench, clever: CleverModel, schema: dict[str, Any]
    ) -> None:
        clever.think = lambda system, user: '{"n": 1}'
        takes: dict[str, Any] = {"type": "object", "properties": {"schema": {}}}
        node = {"id": "ask", "kind": "llm", "model": CLEVER, "prompt": "?", "answer_schema": schema, "repairs": 0}
        definition = chain(node, input=takes, output={"data": {"ref": "nodes.ask.data"}})
        assert await bench.output(definition, schema={"required": ["n"]}) == {"data": {"n": 1}}
        for wrong, told in ((5, "no JSON Schema"), ({"required": ["m"]}, "'m' is a required property")):
            run, _ = await bench.run(definition, schema=wrong)
            assert run.error
            assert run.error.type == "InvalidInput"
            assert told in run.error.message

    def test_a_schema_that_refers_to_nothing(self) -> None:
        node = {"id": "ask", "kind": "llm", "prompt": "?", "answer_schema": {"ref": "state.none"}}
        assert [fault.path for fault in check_toolchain(chain(node))[1]] == ["nodes[0].answer_schema"]


def test_the_files_keep_their_names_and_order() -> None:
    assert list(shipped_toolchains()) == [
        "chat", "crawl_site", "extract", "ingest_document", "ingest_objects", "rag", "reindex_collection", "research",
        "self_guided_rag", "summarize_document", "test_toolchain",
    ]  # fmt: skip
    for name, definition in shipped_toolchains().items():
        assert list(definition)[:3] == ["id", "title", "description"], name
        assert definition["id"] == name
