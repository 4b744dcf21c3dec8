"""The shipped toolchain `research`, with the fake of the built-in model and with one that does as told."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from inference.composer.running import resume_run
from inference.errors import InvalidInput
from inference.models.runs import ResumeRunRequest
from tests.storage.bench import Bench
from tests.storage.shelf import CLEVER, CleverModel, shelve
from tests.storage.shipped import HERON, PUMP, cited, ended, ran, streamed, usage


class TestResearch:
    async def test_the_built_in_model_answers_the_parts(self, bench: Bench) -> None:
        await shelve(bench, {"pump.txt": PUMP, "heron.txt": HERON})
        question = "What is the maximum operating pressure of the pump P-7 and what does a heron wait for?"
        output, events = await ran(bench, "research", question=question, ask_first=False, max_questions=3)
        assert output["questions"] == [
            question,
            "What is the maximum operating pressure of the pump P-7",
            "what does a heron wait for",
        ]
        assert [finding["question"] for finding in output["findings"]] == output["questions"]
        assert output["answer"].startswith(f"**{question}**\n\n")
        assert "16 bar" in output["answer"]
        assert "heron stands in the reeds" in output["answer"]
        assert streamed(events, "answer") == output["answer"]
        by_number = {source["n"]: source["snippet"] for source in output["sources"]}
        assert len(by_number) == len({source["chunk_id"] for source in output["sources"]})
        assert output["citations"]
        for text, n in cited(output["answer"], output["citations"]):
            assert text.removesuffix(f" [{n}]") in by_number[n]

    async def test_a_plan_is_approved_and_changed(self, bench: Bench, clever: CleverModel) -> None:
        await shelve(bench, {"pump.txt": PUMP, "heron.txt": HERON})

        def think(system: str, user: str) -> str:
            if "You plan" in system:
                return json.dumps({"questions": ["pressure of the pump?", "age of the pump?", "too many?"]})
            if "Several questions" in system:
                return "The heron waits [1]."
            return f"On {user}: [1]"

        clever.think = think
        given = {"question": "Tell me about the pump.", "model": CLEVER, "max_questions": 2}
        uid = await bench.composer.start(bench.ctx, "research", given)
        run, _ = await bench.end(uid)
        assert run.status == "waiting"
        (pause,) = run.pauses
        assert pause.form
        assert pause.form["properties"]["questions"]["default"] == ["pressure of the pump?", "age of the pump?"]
        assert "Tell me about the pump." in str(pause.message)
        wrongs: list[Any] = [{"questions": []}, {"approved": True, "questions": [""]}, "yes"]
        for wrong in wrongs:
            with pytest.raises(InvalidInput):
                await resume_run(bench.ctx, ResumeRunRequest(run_id=str(uid), value=wrong))
        answer = {"approved": True, "questions": ["What does a heron wait for?"]}
        await resume_run(bench.ctx, ResumeRunRequest(run_id=str(uid), value=answer, wait=True))
        output, _ = await ended(bench, uid)
        assert output["questions"] == ["What does a heron wait for?"]
        assert output["findings"] == [
            {"question": "What does a heron wait for?", "answer": "On What does a heron wait for?: [1]"}
        ]
        assert output["answer"] == "The heron waits [1]."
        assert output["usage"] == usage(3)

    async def test_a_plan_that_is_not_approved(self, bench: Bench) -> None:
        await shelve(bench, {"pump.txt": PUMP})
        uid = await bench.composer.start(bench.ctx, "research", {"question": "How old is the pump P-7?"})
        run, _ = await bench.end(uid)
        assert run.pauses[0].form
        assert run.pauses[0].form["properties"]["questions"]["default"] == ["How old is the pump P-7?"]
        await resume_run(bench.ctx, ResumeRunRequest(run_id=str(uid), value={"approved": False}, wait=True))
        output, events = await ended(bench, uid)
        assert output["answer"] == "The plan was not approved, so nothing was looked for."
        assert output["sources"] == output["findings"] == []
        assert not [event for event in events if event.data.get("node") == "search_all"]

    async def test_questions_are_answered_side_by_side_with_their_own_sources(
        self, bench: Bench, clever: CleverModel
    ) -> None:
        questions = [f"What is thing {at}?" for at in range(8)]
        await shelve(bench, {"things.txt": [f"Thing {at} is number {at} of all things." for at in range(8)]})

        def think(system: str, user: str) -> str:
            if "You plan" in system:
                return json.dumps({"questions": questions})
            numbers = re.findall(r'<source n="(\d+)"', system)
            return f"[{numbers[0]}]" if numbers else "Done."

        clever.think = think
        output, events = await ran(
            bench, "research", question="What are all things?", model=CLEVER, max_questions=8, top_k=2, ask_first=False
        )
        assert [finding["question"] for finding in output["findings"]] == questions
        by_number = {source["n"]: source["snippet"] for source in output["sources"]}
        for at, finding in enumerate(output["findings"]):
            assert f"Thing {at} " in by_number[int(finding["answer"].strip("[]"))]
        assert 1 < clever.most <= 4
        told = [e.data["value"]["part"] for e in events if e.event == "state" and e.data["path"] == "progress"]
        assert sorted(told) == list(range(1, 9))

    async def test_nothing_to_search(self, bench: Bench) -> None:
        output, _ = await ran(bench, "research", question="Where is the pump?", ask_first=False)
        assert output["answer"] == "This was not found in the documents. Searched for: Where is the pump?"
