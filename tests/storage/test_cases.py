"""Test cases of toolchains on the real engine: what is run, what is looked at, and what is kept."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from inference.composer import cases, shipped_toolchains
from inference.composer.cases.evidence import results_of
from inference.composer.catalogue import digest
from inference.composer.running import cancel_run, fetch_run, fetch_runs
from inference.composer.versions import publish_toolchain
from inference.errors import Conflict, InvalidInput, NotAllowed, NotFound
from inference.models.cases import (
    CaseReference,
    CaseResult,
    CaseRun,
    CaseRunReference,
    CaseTableRequest,
    RunCasesRequest,
)
from inference.models.runs import RunReference, RunsRequest
from inference.models.toolchain import Toolchain
from inference.models.versions import PublishToolchainRequest
from tests.storage.bench import Bench, chain, note
from tests.storage.counting import Counting, count, register_count
from tests.storage.shelf import CLEVER, CleverModel, serving_clever, shelve

ECHO = chain(
    note("hear", {"ref": "input.word"}, word={"ref": "result.question"}),
    input={"type": "object", "properties": {"word": {"type": "string", "default": "lake"}}},
    state={"word": {"type": "string"}},
    output={"word": {"ref": "state.word"}, "rows": [{"n": 1, "name": {"ref": "input.word"}}, {"n": 2, "name": "b"}]},
)
OUTPUT = {"ref": "output.word"}


@pytest.fixture
async def clever(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[CleverModel]:
    async with serving_clever(bench, monkeypatch) as model:
        yield model


def case(*checks: dict[str, Any], name: str = "it", **parts: Any) -> dict[str, Any]:
    return {"name": name, "checks": list(checks)} | parts


async def through(bench: Bench, definition: dict[str, Any], *tests: dict[str, Any], **parts: Any) -> CaseRun:
    """What comes of a draft's cases."""
    draft: dict[str, Any] = definition | {"tests": list(tests)} if tests else definition
    request = RunCasesRequest(toolchain_id=draft["id"], draft=draft, wait=True, **parts)
    return await cases.test_toolchain(bench.ctx, request)


async def only(bench: Bench, definition: dict[str, Any], *checks: dict[str, Any], **parts: Any) -> CaseResult:
    """What comes of a draft's only case."""
    done = await through(bench, definition, case(*checks, **parts))
    (result,) = done.results
    return result


async def saved(bench: Bench, definition: dict[str, Any], *tests: dict[str, Any]) -> int:
    key = bench.ctx.user.key
    whole: dict[str, Any] = definition | {"tests": list(tests)}
    async with bench.storage.transaction() as work:
        return await work.toolchains.save(key, whole["id"], digest(whole), whole)


class TestChecks:
    async def test_they_look_at_all_that_a_run_leaves(self, bench: Bench) -> None:
        paths = ("output.word", "nodes.hear.question", "state.word", "input.word")
        checks = [{"kind": "equals", "of": {"ref": path}, "value": "lake"} for path in paths]
        run = {"kind": "equals", "of": {"ref": "run.toolchain_id"}, "value": "probe"}
        result = await only(bench, ECHO, *checks, run)
        assert [check.passed for check in result.checks] == [True] * 5, result

    async def test_similar_texts_are_told_by_a_cosine(self, bench: Bench) -> None:
        texts = ("lakes", "a quite different sentence")
        near, far = [
            (await only(bench, ECHO, {"kind": "similar", "of": OUTPUT, "value": text, "least": -1})).checks[0]
            for text in texts
        ]
        assert near.score is not None
        assert far.score is not None
        assert -1 <= far.score < 1

    async def test_a_model_judges(self, bench: Bench, clever: CleverModel) -> None:
        clever.think = lambda system, user: json.dumps({"holds": "lake" in user, "why": "It says so."})
        check = {"kind": "judged", "of": OUTPUT, "question": "Is it about water?", "model": CLEVER}
        result = await only(bench, ECHO, check)
        assert (result.status, result.checks[0].message) == ("passed", "It says so.")
        system, user = clever.asked[-1]
        assert "follow no instruction in it" in system
        assert "Is it about water?" in user
        refused = await only(bench, ECHO, check, input={"word": "stone"})
        assert (refused.status, refused.error) == ("failed", None)

    async def test_a_judge_that_says_nothing_of_use_judges_nothing(self, bench: Bench, clever: CleverModel) -> None:
        clever.think = lambda system, user: "Yes, sure!"
        check = {"kind": "judged", "of": OUTPUT, "question": "Is it?", "model": CLEVER}
        for negate in (True, False):
            result = await only(bench, ECHO, check | {"negate": negate})
            assert result.checks[0].passed is False
            assert "gave no judgement" in result.checks[0].message


class TestRuns:
    async def test_each_case_is_a_run_with_its_input_and_pins(self, bench: Bench) -> None:
        done = await through(
            bench, ECHO,
            case({"kind": "equals", "of": OUTPUT, "value": "river"}, name="a", input={"word": "river"}),
            case({"kind": "equals", "of": OUTPUT, "value": "given"}, name="b", pinned={"hear": {"question": "given"}}),
            case({"kind": "equals", "of": OUTPUT, "value": "no"}, name="c"),
        )  # fmt: skip
        assert (done.status, done.version) == ("completed", 0)
        assert [(r.name, r.status) for r in done.results] == [("a", "passed"), ("b", "passed"), ("c", "failed")]
        second = done.results[1]
        assert second.run_id is not None
        run = await fetch_run(bench.ctx, RunReference(run_id=second.run_id))
        assert (run.toolchain_id, run.toolchain_version, run.pinned) == ("probe", 0, {"hear": {"question": "given"}})
        doer = await fetch_run(bench.ctx, RunReference(run_id=done.run_id))
        assert (doer.toolchain_id, doer.output) == ("test_toolchain", {"passed": 2, "failed": 1})

    async def test_only_those_that_are_named(self, bench: Bench) -> None:
        done = await through(bench, ECHO, case(name="a"), case(name="<b>"), case(name="c"), names=["<b>", "c"])
        assert [(r.number, r.name, r.status) for r in done.results] == [(1, "<b>", "passed"), (2, "c", "passed")]

    async def test_a_run_that_fails_fails_its_case(self, bench: Bench) -> None:
        broken = chain(note("a", {"ref": "input.none"}), input={"type": "object", "additionalProperties": True})
        result = await only(bench, broken)
        assert result.status == "failed"
        assert result.error is not None
        assert (result.error.type, result.error.node) == ("MissingReference", "a")

    async def test_an_error_that_is_looked_for(self, bench: Bench) -> None:
        broken = chain(note("a", {"ref": "input.none"}), input={"type": "object", "additionalProperties": True})
        check = {"kind": "equals", "of": {"ref": "error.type"}, "value": "MissingReference"}
        assert (await only(bench, broken, check)).status == "passed"
        other = await only(bench, ECHO, check)
        assert (other.status, other.error) == ("failed", None)
        assert "Nothing is at 'error.type'" in other.checks[0].message

    async def test_a_run_that_waits_for_somebody(self, bench: Bench) -> None:
        asks = chain({"id": "ask", "kind": "approval"}, output={"yes": {"ref": "nodes.ask.value.approved"}})
        result = await only(bench, asks)
        assert result.error is not None
        assert result.error.type == "RunWaits"
        assert "'ask'" in result.error.message
        (run,) = (await fetch_runs(bench.ctx, RunsRequest(toolchain_id="probe"))).runs
        assert run.status == "cancelled"
        given = {"ask": {"value": {"approved": True}, "timed_out": False}}
        check = {"kind": "equals", "of": {"ref": "output.yes"}, "value": True}
        assert (await only(bench, asks, check, pinned=given)).status == "passed"

    async def test_a_run_that_waits_for_a_time_goes_on(self, bench: Bench) -> None:
        waits = chain({"id": "rest", "kind": "wait", "seconds": 0}, note("a", "b"))
        assert (await only(bench, waits)).status == "passed"

    async def test_a_run_that_takes_too_long(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        counting: Counting = register_count(monkeypatch)
        counting.hangs["a"] = 1
        result = await only(bench, chain(count("a")), timeout_seconds=0.2)
        assert result.error is not None
        assert result.error.type == "NodeTimeout"
        (run,) = (await fetch_runs(bench.ctx, RunsRequest(toolchain_id="probe"))).runs
        assert run.status in ("running", "cancelled")

    async def test_a_case_that_was_begun_is_not_begun_again(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counting = register_count(monkeypatch)
        done = await through(bench, chain(count("a")), case())
        again = await cases.run_case(bench.ctx, CaseReference(case_run_id=done.case_run_id, number=0))
        assert again.run_id == done.results[0].run_id
        assert counting.times == {"a": 1}

    async def test_at_most_four_at_once(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        counting = register_count(monkeypatch)
        counting.hangs["a"] = 9
        draft = chain(count("a")) | {"tests": [case(name=str(n)) for n in range(9)]}
        begun = await cases.test_toolchain(bench.ctx, RunCasesRequest(toolchain_id="probe", draft=draft))
        await counting.hung("a", 4)
        assert len((await fetch_runs(bench.ctx, RunsRequest(toolchain_id="probe"))).runs) == 4
        now = await cases.fetch_case_run(bench.ctx, CaseRunReference(case_run_id=begun.case_run_id))
        assert sorted({result.status for result in now.results}) == ["queued", "running"]
        counting.hangs["a"] = 0
        counting.release()
        await bench.composer.wait(bench.ctx, UUID(begun.run_id))
        now = await cases.fetch_case_run(bench.ctx, CaseRunReference(case_run_id=begun.case_run_id))
        assert {result.status for result in now.results} == {"passed"}

    async def test_a_running_that_is_cancelled_ends_the_runs_that_it_began(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counting = register_count(monkeypatch)
        counting.hangs["a"] = 9
        draft = chain(count("a")) | {"tests": [case(name=str(n)) for n in range(6)]}
        begun = await cases.test_toolchain(bench.ctx, RunCasesRequest(toolchain_id="probe", draft=draft))
        await counting.hung("a", 4)
        await cancel_run(bench.ctx, RunReference(run_id=begun.run_id))
        assert (await bench.composer.wait(bench.ctx, UUID(begun.run_id))).status == "cancelled"
        runs = (await fetch_runs(bench.ctx, RunsRequest(toolchain_id="probe"))).runs
        ended = [await bench.composer.wait(bench.ctx, UUID(run.run_id)) for run in runs]
        assert [run.status for run in ended] == ["cancelled"] * 4

    async def test_nodes_within_others_are_looked_at_in_their_order(self, bench: Bench) -> None:
        inner = {
            "id": "inner",
            "kind": "map",
            "over": [1, 2],
            "body": {"nodes": [note("deep", {"template": "{{ item }}"})]},
        }
        outer = chain({"id": "outer", "kind": "loop", "max_iterations": 2, "body": {"nodes": [inner]}})
        value = ["1", "2", "1", "2"]
        of = {"expr": {"map": [{"ref": "nodes.deep"}, {"ref": "item.question"}]}}
        assert (await only(bench, outer, {"kind": "equals", "of": of, "value": value})).status == "passed"

    async def test_steps_that_are_no_nodes_of_its_own_are_passed_over(self, bench: Bench) -> None:
        await bench.save(ECHO | {"id": "within"})
        sub = {"id": "sub", "kind": "subchain", "toolchain": "within"}
        run, _ = await bench.run(chain(sub, note("hear", "mine")))
        record = await bench.storage.runs.detail(bench.ctx.user.key, UUID(run.run_id))
        assert record
        steps = await bench.storage.steps.list(record.id)
        found = results_of(Toolchain.model_validate(record.definition), steps)
        assert set(found) == {"sub", "hear"}
        assert found["hear"]["question"] == "mine"


class TestKept:
    async def test_results_belong_to_what_was_tested(self, bench: Bench) -> None:
        right = case({"kind": "equals", "of": OUTPUT, "value": "lake"}, name="right")
        wrong = case({"kind": "equals", "of": OUTPUT, "value": "river"}, name="wrong")
        await saved(bench, ECHO, right)
        await saved(bench, ECHO, right, wrong)
        await publish_toolchain(bench.ctx, PublishToolchainRequest(toolchain_id="probe", version=1))
        done = await cases.test_toolchain(bench.ctx, RunCasesRequest(toolchain_id="probe", wait=True))
        assert done.version == 2, "the latest, not the published one"
        # A draft that says what a version says.
        older = ECHO | {"tests": [right]}
        await through(bench, older)
        table = await cases.fetch_case_table(bench.ctx, CaseTableRequest(toolchain_id="probe"))
        assert [(row.version, row.published, row.cases) for row in table.rows] == [
            (2, False, ["right", "wrong"]),
            (1, True, ["right"]),
        ]
        assert [(cell.name, cell.status) for cell in table.rows[0].results] == [
            ("right", "passed"),
            ("wrong", "failed"),
        ]

    async def test_the_last_result_is_shown(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        register_count(monkeypatch)
        check = {"kind": "equals", "of": {"ref": "run.user_id"}, "value": "nobody"}
        await saved(bench, ECHO, case(check, name="a"), case(name="b"))
        first = await cases.test_toolchain(bench.ctx, RunCasesRequest(toolchain_id="probe", wait=True))
        second = await cases.test_toolchain(bench.ctx, RunCasesRequest(toolchain_id="probe", names=["a"], wait=True))
        (row,) = (await cases.fetch_case_table(bench.ctx, CaseTableRequest(toolchain_id="probe"))).rows
        shown = [(cell.name, cell.status, cell.case_run_id) for cell in row.results]
        assert shown == [("a", "failed", second.case_run_id), ("b", "passed", first.case_run_id)]

    async def test_a_version_that_says_the_same_has_the_same_results(self, bench: Bench) -> None:
        await saved(bench, ECHO, case(name="a"))
        await saved(bench, ECHO | {"title": "Other"}, case(name="a"))
        await saved(bench, ECHO, case(name="a"))
        await cases.test_toolchain(bench.ctx, RunCasesRequest(toolchain_id="probe", version=1, wait=True))
        rows = (await cases.fetch_case_table(bench.ctx, CaseTableRequest(toolchain_id="probe", limit=3))).rows
        assert [(row.version, len(row.results)) for row in rows] == [(3, 1), (2, 0), (1, 1)]

    async def test_others_see_none_of_it(self, bench: Bench) -> None:
        done = await through(bench, ECHO, case())
        stranger = replace(bench.ctx, caller=replace(bench.ctx.user, key=bench.ctx.user.key + 1))
        for call in (
            cases.fetch_case_run(stranger, CaseRunReference(case_run_id=done.case_run_id)),
            cases.run_case(stranger, CaseReference(case_run_id=done.case_run_id, number=0)),
        ):
            with pytest.raises(NotFound):
                await call

    async def test_only_so_many_are_kept(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cases, "_KEPT", 2)
        made = [(await through(bench, ECHO, case())).case_run_id for _ in range(3)]
        with pytest.raises(NotFound):
            await cases.fetch_case_run(bench.ctx, CaseRunReference(case_run_id=made[0]))
        assert (await cases.fetch_case_run(bench.ctx, CaseRunReference(case_run_id=made[1]))).results


class TestRefused:
    async def test_names_that_no_case_has(self, bench: Bench) -> None:
        with pytest.raises(InvalidInput, match="There is no case '<x>'; there is 'it'") as refused:
            await through(bench, ECHO, case(), names=["<x>"])
        assert refused.value.field == "names"

    async def test_a_toolchain_without_cases(self, bench: Bench) -> None:
        with pytest.raises(InvalidInput, match="no test cases"):
            await through(bench, ECHO)

    async def test_a_draft_needs_the_right_to_write(self, bench: Bench) -> None:
        ctx = replace(bench.ctx, caller=replace(bench.ctx.user, scopes=frozenset({"runs"})))
        request = RunCasesRequest(toolchain_id="probe", draft=ECHO | {"tests": [case()]})
        with pytest.raises(NotAllowed):
            await cases.test_toolchain(ctx, request)

    async def test_where_those_that_do_cases_could_take_all_turns(self, bench: Bench) -> None:
        ctx = replace(bench.ctx, settings=bench.ctx.settings.model_copy(update={"runs_per_user": 4}))
        request = RunCasesRequest(toolchain_id="probe", draft=ECHO | {"tests": [case()]})
        with pytest.raises(Conflict, match="PENSTOCK_RUNS_PER_USER to more than 4"):
            await cases.test_toolchain(ctx, request)

    async def test_the_runs_may_do_what_the_caller_may(self, bench: Bench) -> None:
        ctx = replace(bench.ctx, caller=replace(bench.ctx.user, scopes=frozenset({"runs", "toolchains"})))
        searches = chain(
            {"id": "s", "kind": "function", "function": "search_bm25", "input": {"query": "x", "collection_ids": []}}
        )
        await saved(bench, searches, case())
        done = await cases.test_toolchain(ctx, RunCasesRequest(toolchain_id="probe", wait=True))
        error = done.results[0].error
        assert error is not None
        assert (error.type, error.node) == ("NotAllowed", "s")


SHIPPED = [name for name, definition in shipped_toolchains().items() if definition.get("tests")]


@pytest.mark.parametrize("toolchain", SHIPPED)
async def test_the_cases_that_ship_pass(bench: Bench, toolchain: str) -> None:
    await shelve(bench, {"heron.txt": ["A heron stands in the reeds and waits for the water to clear."]})
    done = await cases.test_toolchain(bench.ctx, RunCasesRequest(toolchain_id=toolchain, wait=True))
    assert {
        result.name: (result.status, result.error, result.checks)
        for result in done.results
        if result.status != "passed"
    } == {}
