"""The shipped toolchains from outside, with the built-in models and real documents."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from tests.manual import NAME
from tests.platform import Platform
from tests.server.conftest import Library
from tests.server.files import unique
from tests.server.streams import follow, text_of

PRESSURE = "The maximum operating pressure of the station is 16 bar."
BROOD = "A honeybee colony keeps its brood nest at 35 degrees."
BOTH = "At what temperature do bees keep their brood and what is the maximum operating pressure?"


def run(platform: Platform, toolchain: str, **given: Any) -> dict[str, Any]:
    """A run when it has ended or pauses."""
    return platform.result("run_toolchain", {"toolchain_id": toolchain, "input": given, "wait": True})


def output(platform: Platform, toolchain: str, **given: Any) -> dict[str, Any]:
    """The output of a run that has to complete."""
    ended = run(platform, toolchain, **given)
    assert ended["status"] == "completed", ended
    return ended["output"]


class TestSelfGuidedRag:
    def test_a_question_in_two_parts(self, platform: Platform, library: Library) -> None:
        found = output(platform, "self_guided_rag", question=BOTH, collection_ids=[library.collection])
        assert len(found["searches"]) == 3
        assert BROOD in found["answer"]
        assert PRESSURE in found["answer"]
        by_number = {source["n"]: source["document_name"] for source in found["sources"]}
        assert [by_number[citation["n"]] for citation in found["citations"]][:1] == ["bees.md"]
        assert NAME in [by_number[citation["n"]] for citation in found["citations"]]

    def test_what_is_not_there_is_said(self, platform: Platform, library: Library) -> None:
        given = {"question": "Who won the football world cup in 1954?", "collection_ids": [library.collection]}
        found = output(platform, "self_guided_rag", **given)
        assert "do not answer this question" in found["answer"]
        assert found["citations"] == []

    def test_as_a_model(self, client: openai.OpenAI, library: Library) -> None:
        metadata = {"collection_ids": library.collection}
        messages: Any = [{"role": "user", "content": BOTH}]
        text, annotations = "", list[Any]()
        with client.chat.completions.create(
            model="toolchain/self_guided_rag", messages=messages, metadata=metadata, stream=True
        ) as stream:
            for chunk in stream:
                text += chunk.choices[0].delta.content or ""
                annotations += (chunk.choices[0].delta.model_extra or {}).get("annotations", [])
        assert BROOD in text
        assert PRESSURE in text
        assert {each["document_name"] for each in annotations} >= {"bees.md", NAME}


class TestSummarizeDocument:
    def test_a_manual_with_progress_and_sources(self, platform: Platform) -> None:
        collection = platform.result("create_document_collection", {"name": "long"})["id"]
        rules = [
            f"# Valve {at}\n\nValve {at} of the station closes within {at} seconds when the pump of line {at} stops. "
            f"It is opened by hand after the alarm of line {at} was acknowledged in the control room.\n"
            for at in range(1, 60)
        ]
        document = platform.ingest(collection, "valves.md", unique("\n".join(rules).encode()))
        assert document["chunk_count"] > 16
        asked = {"toolchain_id": "summarize_document", "input": {"document_id": document["id"]}}
        begun = platform.result("run_toolchain", asked)
        events = follow(platform, f"/api/runs/{begun['run_id']}/events")
        assert events[-1].name == "run_finished", events[-1]
        made = platform.result("fetch_run", {"run_id": begun["run_id"]})["output"]
        assert made["parts"] == -(-document["chunk_count"] // 16)
        assert text_of(events) == made["summary"]
        told = [e.data["value"] for e in events if e.name == "state" and e.data["path"] == "progress"]
        assert sorted(value["part"] for value in told) == list(range(1, made["parts"] + 1))
        by_number = {source["n"]: source for source in made["sources"]}
        assert made["citations"]
        for citation in made["citations"]:
            sentence = made["summary"][citation["start"] : citation["end"]].rpartition(" [")[0]
            page = platform.result(
                "fetch_document_page", {"document_id": document["id"], "page": by_number[citation["n"]]["page"]}
            )
            assert sentence in " ".join(page["text"].split())

    def test_one_that_failed_is_told(self, platform: Platform, collection: str) -> None:
        uploaded = platform.upload(collection, "broken.pdf", unique(b"%PDF-1.4\n"))
        document = platform.wait_for(uploaded.json()["result"]["document_id"])
        assert document["status"] == "failed"
        made = output(platform, "summarize_document", document_id=document["id"])
        assert made["summary"] == f"broken.pdf cannot be summarized, for it could not be read: {document['error']}"

    def test_somebody_elses_is_not_found(self, platform: Platform, library: Library, stranger: str) -> None:
        document = library.documents["bees.md"]["id"]
        for function in ("fetch_document_chunks", "fetch_document"):
            assert platform.call(function, {"document_id": document}, token=stranger).status_code == 404
        asked = {"toolchain_id": "summarize_document", "input": {"document_id": document}, "wait": True}
        refused = platform.result("run_toolchain", asked, token=stranger)
        assert (refused["status"], refused["error"]["type"]) == ("failed", "NotFound")


class TestResearch:
    def test_the_plan_is_looked_at_first(self, platform: Platform, library: Library) -> None:
        waiting = run(platform, "research", question=BOTH, collection_ids=[library.collection])
        assert waiting["status"] == "waiting"
        (pause,) = waiting["pauses"]
        plan = pause["form"]["properties"]["questions"]["default"]
        assert plan[0] == BOTH
        refused = platform.call("resume_run", {"run_id": waiting["run_id"], "value": {"questions": plan}})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "value")
        answer = {"approved": True, "questions": plan[1:]}
        done = platform.result("resume_run", {"run_id": waiting["run_id"], "value": answer, "wait": True})
        assert done["status"] == "completed"
        assert done["output"]["questions"] == plan[1:]
        assert BROOD in done["output"]["answer"]
        assert PRESSURE in done["output"]["answer"]
        events = follow(platform, f"/api/runs/{waiting['run_id']}/events")
        assert text_of(events) == done["output"]["answer"]
        again = platform.call("resume_run", {"run_id": waiting["run_id"], "value": answer})
        assert again.status_code == 409


class TestExtract:
    def test_a_row_a_document(self, platform: Platform, library: Library) -> None:
        fields = [
            {"name": "maximum_operating_pressure"},
            {"name": "brood_temperature", "description": "At what temperature do bees keep their brood?"},
        ]
        table = output(platform, "extract", collection_ids=[library.collection], fields=fields)
        rows = {row["document_name"]: row for row in table["rows"]}
        assert set(rows) == set(library.documents)
        assert table["complete"] is True
        assert [row["error"] for row in table["rows"]] == [None] * len(rows)
        assert PRESSURE in rows[NAME]["values"]["maximum_operating_pressure"]
        assert BROOD in rows["bees.md"]["values"]["brood_temperature"]
        assert {source["document_name"] for source in rows[NAME]["sources"]} == {NAME}

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({}, "input"),
            ({"fields": []}, "input.fields"),
            ({"fields": [{"name": "a", "type": "date"}]}, "input.fields.0.type"),
            ({"fields": [{"name": "a"}], "limit": 0}, "input.limit"),
        ],
    )
    def test_what_it_does_not_take(self, platform: Platform, given: dict[str, Any], field: str) -> None:
        refused = platform.call("run_toolchain", {"toolchain_id": "extract", "input": given})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)
