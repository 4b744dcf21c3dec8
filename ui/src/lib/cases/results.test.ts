import { describe, expect, it } from "vitest";
import type { CaseResult, CaseRun, CaseStatus, RunStatus } from "@/models";
import { latestResults, namesOf, runsOfVersion, tally } from "./results";

function result(name: string, status: CaseStatus): CaseResult {
  return { number: 0, name, status, run_id: null, duration_ms: null, error: null, checks: [] };
}

function run(id: string, status: RunStatus, ...results: CaseResult[]): CaseRun {
  return { case_run_id: id, toolchain_id: "t", version: 1, run_id: "r", status, created_at: "", results };
}

const cases = [{ name: "a" }, { name: "b" }];

describe("latestResults", () => {
  it("takes each case from the last time that it was run", () => {
    const runs = [
      run("2", "running", result("a", "running")),
      run("1", "completed", result("a", "failed"), result("b", "passed"), result("gone", "passed")),
    ];
    const shown = latestResults(cases, runs);
    expect([...shown].map(([name, { state }]) => [name, state])).toEqual([
      ["a", "running"],
      ["b", "passed"],
    ]);
    expect(tally(shown.values())).toEqual({ passed: 1, failed: 0, open: 1 });
  });

  it("knows what was never run to its end", () => {
    const shown = latestResults(cases, [run("1", "cancelled", result("a", "queued"), result("b", "passed"))]);
    expect(shown.get("a")?.state).toBe("stopped");
    expect(tally(shown.values())).toEqual({ passed: 1, failed: 0, open: 0 });
  });
});

it("tells the cases of all versions, and what a version's results are from", () => {
  const cell = (name: string, id: string) => ({ name, status: "passed" as const, case_run_id: id, run_id: null });
  const rows = [
    { version: 2, published: false, created_at: null, cases: ["b", "c"], results: [cell("b", "x1"), cell("c", "x2")] },
    { version: 1, published: true, created_at: null, cases: ["a", "b"], results: [] },
  ];
  expect(namesOf({ rows })).toEqual(["b", "c", "a"]);
  expect(runsOfVersion({ rows }, 2)).toEqual(["x2", "x1"]);
  expect(runsOfVersion({ rows }, 1)).toEqual([]);
  expect(runsOfVersion({ rows }, 9)).toEqual([]);
});
