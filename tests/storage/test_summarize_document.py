"""The shipped toolchain `summarize_document`, with the fake of the built-in model and with one that does as told."""

from __future__ import annotations

import re

import pytest

from tests.storage.bench import Bench
from tests.storage.shelf import CLEVER, CleverModel, shelve
from tests.storage.shipped import PUMP, cited, ran, streamed, usage


class TestSummarizeDocument:
    async def test_a_short_one_is_read_at_once(self, bench: Bench) -> None:
        _, ids = await shelve(bench, {"pump.txt": PUMP})
        output, events = await ran(bench, "summarize_document", document_id=ids["pump.txt"])
        assert output["document_name"] == "pump.txt"
        assert output["parts"] == 1
        sentences = {sentence for text in PUMP for sentence in re.findall(r"[^.]+\.", text)}
        quoted = [text for text in re.findall(r"([^\]]+?\.) \[\d\]", output["summary"])]
        assert quoted
        assert {text.strip() for text in quoted} <= {sentence.strip() for sentence in sentences}
        assert streamed(events, "summary") == output["summary"]
        by_number = {source["n"]: source for source in output["sources"]}
        for text, n in cited(output["summary"], output["citations"]):
            assert text.removesuffix(f" [{n}]") in by_number[n]["snippet"]
            assert by_number[n]["snippet"] == PUMP[n - 1]
            assert by_number[n]["page"] == n

    async def test_a_long_one_is_read_in_parts_side_by_side(self, bench: Bench, clever: CleverModel) -> None:
        _, ids = await shelve(bench, {"long.txt": [f"Passage <{at}> tells of thing {at}." for at in range(1, 101)]})

        def think(system: str, user: str) -> str:
            if "Summarize these passages" in system:
                numbers = re.findall(r'<source n="(\d+)"', system)
                return f"Things {numbers[0]} & <more>. [{numbers[0]}] Thing {numbers[-1]}. [{numbers[-1]}]"
            return "All things. [1][100]"

        clever.think = think
        output, events = await ran(bench, "summarize_document", document_id=ids["long.txt"], model=CLEVER)
        assert output["parts"] == 7
        assert len(clever.asked) == 8
        assert 1 < clever.most <= 4
        material = clever.asked[-1][0]
        assert re.findall(r'<source n="(\d+)">', material) == [
            str(n) for part in range(7) for n in (16 * part + 1, min(16 * part + 16, 100))
        ]
        assert "Things 1 &amp; &lt;more&gt;." in material
        assert output["usage"] == usage(8)
        assert [(source["n"], source["page"]) for source in output["sources"]] == [(1, 1), (100, 100)]
        told = [e.data["value"] for e in events if e.event == "state" and e.data["path"] == "progress"]
        assert sorted(each["part"] for each in told) == [1, 2, 3, 4, 5, 6, 7]
        assert {each["of"] for each in told} == {7}
        assert all(0 < each["progress"] < 1 for each in told)

    async def test_many_summaries_are_summarized_in_groups(self, bench: Bench, clever: CleverModel) -> None:
        _, ids = await shelve(bench, {"long.txt": [f"Thing {at}." for at in range(1, 161)]})

        def think(system: str, user: str) -> str:
            numbers = re.findall(r'<source n="(\d+)"', system)
            if "Summarize these passages" in system:
                return " ".join(f"Thing {n} is there. [{n}]" for n in numbers)
            return f"From {numbers[0]} to {numbers[-1]}. [{numbers[0]}]"

        clever.think = think
        output, _ = await ran(bench, "summarize_document", document_id=ids["long.txt"], model=CLEVER)
        groups = [system for system, _ in clever.asked if "Summarize these statements" in system]
        assert sorted(len(re.findall("<source", group)) for group in groups) == [40, 40, 40, 40]
        assert re.findall(r'<source n="(\d+)">', clever.asked[-1][0]) == ["1", "41", "81", "121"]
        assert output["summary"] == "From 1 to 121. [1]"

    async def test_a_long_one_without_a_language_model(self, bench: Bench) -> None:
        passages = [f"The valve {at} of the station closes in {at} seconds when the pump stops." for at in range(1, 41)]
        _, ids = await shelve(bench, {"valves.txt": passages})
        output, _ = await ran(bench, "summarize_document", document_id=ids["valves.txt"])
        assert output["citations"]
        for text, n in cited(output["summary"], output["citations"]):
            assert text == f"{passages[n - 1]} [{n}]"

    async def test_a_focus(self, bench: Bench) -> None:
        _, ids = await shelve(bench, {"pump.txt": PUMP * 8})
        output, _ = await ran(
            bench, "summarize_document", document_id=ids["pump.txt"], focus="the maximum operating pressure"
        )
        assert "16 bar" in output["summary"]
        assert "boiler" not in output["summary"]

    @pytest.mark.parametrize("model", ["extractive", CLEVER])
    async def test_nothing_on_the_focus(self, bench: Bench, clever: CleverModel, model: str) -> None:
        _, ids = await shelve(bench, {"pump.txt": PUMP * 8})
        clever.think = lambda system, user: "NONE"
        given = {"document_id": ids["pump.txt"], "focus": "zebras in Zanzibar", "model": model}
        output, events = await ran(bench, "summarize_document", **given)
        assert output["summary"] == "pump.txt says nothing on this: zebras in Zanzibar"
        assert streamed(events, "summary") == output["summary"]
        assert output["sources"] == []

    async def test_what_cannot_be_read_is_said(self, bench: Bench) -> None:
        _, ids = await shelve(bench, {"lost.pdf": []})
        output, _ = await ran(bench, "summarize_document", document_id=ids["lost.pdf"])
        assert output["summary"].startswith("lost.pdf cannot be summarized, for it could not be read: ")
        assert (output["parts"], output["sources"]) == (0, [])
        await bench.storage.pool.execute("UPDATE documents SET indexed_at = now()")
        empty, _ = await ran(bench, "summarize_document", document_id=ids["lost.pdf"])
        assert empty["summary"] == "lost.pdf cannot be summarized, for there is no text in it."

    async def test_a_missing_one_fails(self, bench: Bench) -> None:
        uid = await bench.composer.start(bench.ctx, "summarize_document", {"document_id": "no-such"})
        run, _ = await bench.end(uid)
        assert run.error
        assert (run.error.type, run.error.node) == ("NotFound", "document")
