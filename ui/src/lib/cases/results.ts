/** What has come of test cases, put together from the times that they were run. Pure. */
import { hasEnded } from "@/lib/trace";
import type { Case, CaseResult, CaseRun, CaseStatus, CaseTable } from "@/models";

/** The name in the editor's address under which a run is given whose input is to become a case. */
export const TEST_OF_RUN = "test";

export interface ShownResult {
  result: CaseResult;
  /** `stopped`: whoever ran it ended before it did. */
  state: CaseStatus | "stopped";
}

/** The latest result of each case by its name. @param runs the latest first */
export function latestResults(cases: readonly Case[], runs: readonly CaseRun[]): Map<string, ShownResult> {
  const shown = new Map<string, ShownResult>();
  const names = new Set(cases.map(({ name }) => name));
  for (const run of runs) {
    for (const result of run.results) {
      if (!names.has(result.name) || shown.has(result.name)) continue;
      const open = result.status === "queued" || result.status === "running";
      shown.set(result.name, { result, state: open && hasEnded(run.status) ? "stopped" : result.status });
    }
  }
  return shown;
}

export interface Tally {
  passed: number;
  failed: number;
  open: number;
}

export function tally(results: Iterable<ShownResult>): Tally {
  const found = { passed: 0, failed: 0, open: 0 };
  for (const { state } of results) {
    if (state === "passed") found.passed += 1;
    else if (state === "failed") found.failed += 1;
    else if (state !== "stopped") found.open += 1;
  }
  return found;
}

/** The cases of all versions, newest versions first and in their order there; each once. */
export function namesOf({ rows }: CaseTable): string[] {
  return [...new Set(rows.flatMap(({ cases }) => cases))];
}

/** Which times of running the last results of a version are from, the latest first (their ids are in the order of time). */
export function runsOfVersion({ rows }: CaseTable, version: number): string[] {
  const row = rows.find((each) => each.version === version);
  return [...new Set(row?.results.map(({ case_run_id }) => case_run_id))].sort().reverse();
}
