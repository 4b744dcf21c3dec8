"""The shipped toolchain `extract`, with the fake of the built-in model and with one that does as told."""

from __future__ import annotations

import json

from tests.storage.bench import Bench
from tests.storage.shelf import BREAKS, CLEVER, CleverModel, shelve
from tests.storage.shipped import HERON, PUMP, ran, usage

FIELDS = [
    {"name": "max_pressure", "description": "The maximum operating pressure in bar", "type": "number"},
    {"name": "built", "description": "The year in which the pump was built"},
]


class TestExtract:
    async def test_values_have_their_types(self, bench: Bench, clever: CleverModel) -> None:
        other = ["The pump P-8 was built in 1974. Nobody knows its pressure."]
        collection, ids = await shelve(bench, {"p7.txt": PUMP, "p8.txt": other})

        def think(system: str, user: str) -> str:
            if user.startswith("That does not fit"):
                return json.dumps({"values": {"max_pressure": 16, "built": "1961"}, "sources": [1, 99]})
            assert "- max_pressure: The maximum operating pressure in bar" in user
            assert "Read bar as bar." in user
            if "P-8" in system:
                return json.dumps({"values": {"max_pressure": None, "built": "1974"}, "sources": [1]})
            return json.dumps({"values": {"max_pressure": "16 bar", "built": "1961"}, "sources": [1]})

        clever.think = think
        output, events = await ran(
            bench, "extract", collection_ids=[collection], fields=FIELDS, instructions="Read bar as bar.", model=CLEVER
        )
        rows = {row["document_name"]: row for row in output["rows"]}
        assert rows["p7.txt"]["values"] == {"max_pressure": 16, "built": "1961"}
        assert rows["p8.txt"]["values"] == {"max_pressure": None, "built": "1974"}
        assert rows["p7.txt"]["document_id"] == ids["p7.txt"]
        assert [source["n"] for source in rows["p7.txt"]["sources"]] == [1]
        assert {source["document_name"] for source in rows["p8.txt"]["sources"]} == {"p8.txt"}
        assert [row["error"] for row in output["rows"]] == [None, None]
        assert output["complete"] is True
        assert output["usage"] == usage(3), "an answer that is sent back to be mended counts"
        shown = [e.data["value"] for e in events if e.event == "state" and e.data["path"] == "rows"]
        assert sorted(row["document_name"] for row in shown) == ["p7.txt", "p8.txt"]

    async def test_the_built_in_model_quotes(self, bench: Bench) -> None:
        await shelve(bench, {"p7.txt": PUMP, "heron.txt": HERON})
        fields = [FIELDS[0], {"name": "maximum_operating_pressure"}]
        output, _ = await ran(bench, "extract", fields=fields)
        rows = {row["document_name"]: row for row in output["rows"]}
        quote = "Its maximum operating pressure is 16 bar. [1]"
        assert rows["p7.txt"]["values"] == {"max_pressure": None, "maximum_operating_pressure": quote}
        assert rows["p7.txt"]["quotes"] == {"max_pressure": quote, "maximum_operating_pressure": quote}
        assert [source["snippet"] for source in rows["p7.txt"]["sources"]] == [PUMP[0]]
        assert rows["heron.txt"]["values"] == {"max_pressure": None, "maximum_operating_pressure": None}
        assert rows["heron.txt"] | {"quotes": {}, "sources": [], "error": None} == rows["heron.txt"]

    async def test_what_goes_wrong_with_a_document_is_its_row(self, bench: Bench, clever: CleverModel) -> None:
        await shelve(bench, {"p7.txt": PUMP, "heron.txt": HERON, "lost.pdf": []})

        def think(system: str, user: str) -> str:
            return BREAKS if "heron" in system else '{"values": {"max_pressure": 16, "built": null}, "sources": []}'

        clever.think = think
        output, _ = await ran(bench, "extract", fields=FIELDS, model=CLEVER)
        rows = {row["document_name"]: row for row in output["rows"]}
        assert rows["p7.txt"]["values"]["max_pressure"] == 16
        assert "it is broken" in rows["heron.txt"]["error"]
        assert rows["heron.txt"]["values"] == {"max_pressure": None, "built": None}
        assert rows["lost.pdf"]["error"].startswith("It cannot be read, for it is failed: ")

    async def test_a_limit_is_told(self, bench: Bench) -> None:
        collection, _ = await shelve(bench, {f"{at}.txt": [f"Pump {at} stands here."] for at in range(3)})
        output, _ = await ran(bench, "extract", collection_ids=[collection, collection], fields=FIELDS, limit=2)
        assert [row["document_name"] for row in output["rows"]] == ["2.txt", "1.txt"]
        assert output["complete"] is False
        whole, _ = await ran(bench, "extract", fields=FIELDS, limit=3)
        assert len(whole["rows"]) == 3

    async def test_no_documents_no_rows(self, bench: Bench) -> None:
        output, _ = await ran(bench, "extract", fields=FIELDS)
        assert (output["rows"], output["complete"]) == ([], True)
