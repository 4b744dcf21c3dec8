import { Button, Group, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useCaseRuns, useCaseTable, useStartCases, useStopCases } from "@/api/cases";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconCheck, IconPlay, IconPlus, IconStop } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import { latestResults, runsOfVersion, tally } from "@/lib/cases/results";
import type { JsonObject } from "@/lib/json";
import { hasEnded } from "@/lib/trace";
import type { Case, Fault, Toolchain } from "@/models";
import { CaseDialog } from "./CaseDialog";
import { CaseRow } from "./CaseRow";
import { VersionTable } from "./VersionTable";
import classes from "./TestCases.module.css";

interface TestCasesProps {
  toolchain: Toolchain;
  /** The version that is tested; null: `toolchain` as it stands, which is not saved. */
  version: number | null;
  /** What is wrong with the toolchain, its cases among it. */
  faults?: readonly Fault[];
  /** Null where they cannot be changed here. */
  onChange: ((tests: Case[], label: string) => void) | null;
  /** An input that a new case is to be made of, and what follows when that is made or left. */
  given?: { input: JsonObject; onTaken: () => void } | null;
}

/** A toolchain's test cases: run them, see what came of them and how older versions fared, and change them. */
export function TestCases({ toolchain, version, faults = [], onChange, given = null }: TestCasesProps) {
  const { id } = toolchain;
  const tests = useMemo(() => toolchain.tests ?? [], [toolchain.tests]);
  const table = useCaseTable(id);
  const [started, setStarted] = useState<readonly string[]>([]);
  const [edited, setEdited] = useState<number | "new" | null>(null);
  const earlier = table.data && version !== null ? runsOfVersion(table.data, version) : [];
  const runs = useCaseRuns(id, [...started, ...earlier.filter((run) => !started.includes(run))].slice(0, 20));
  const shown = useMemo(() => latestResults(tests, runs), [tests, runs]);
  const counts = tally(shown.values());
  const underWay = runs.filter(({ status }) => !hasEnded(status));
  const start = useStartCases();
  const stop = useStopCases();

  function run(names: string[] | null) {
    start.mutate(
      { toolchain_id: id, names, ...(version === null ? { draft: { ...toolchain } } : { version }) },
      { onSuccess: ({ case_run_id }) => setStarted((before) => [case_run_id, ...before]) },
    );
  }

  function put(number: number | "new", changed: Case) {
    if (number === "new") onChange?.([...tests, changed], "Add a test case");
    else onChange?.(tests.with(number, changed), "Change a test case");
    close();
  }

  function close() {
    setEdited(null);
    given?.onTaken();
  }

  const open = given ? "new" : edited;
  return (
    <div>
      {tests.length === 0 ? (
        <EmptyState
          icon={<IconCheck size={28} />}
          title="No test cases yet"
          action={
            onChange ? (
              <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setEdited("new")}>
                Add a test case
              </Button>
            ) : undefined
          }
        >
          An input, and what must hold of the run that it begins: of its output and of what any node gave.
        </EmptyState>
      ) : (
        <>
          <Group gap="xs" mb="xs">
            <Button
              size="sm"
              leftSection={<IconPlay size={14} />}
              loading={start.isPending}
              disabled={underWay.length > 0}
              onClick={() => run(null)}
            >
              Run all
            </Button>
            {underWay.length > 0 ? (
              <Button
                size="sm"
                variant="default"
                leftSection={<IconStop size={14} />}
                loading={stop.isPending}
                onClick={() => underWay.forEach((each) => stop.mutate(each, { onError: toastFailure }))}
              >
                Stop
              </Button>
            ) : null}
            {onChange ? (
              <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEdited("new")}>
                Add
              </Button>
            ) : null}
            <Text size="sm" c="dimmed" aria-live="polite">
              {inWords(counts)}
            </Text>
          </Group>
          <Text size="xs" c="dimmed" mb="md">
            Each is a run of its own. Nodes that are not pinned do what they do in any run.
          </Text>
          {start.error ? <Failure fault={start.error} /> : null}
          <ol className={classes.cases} aria-label="Test cases">
            {tests.map((test, number) => (
              <li key={`${number} ${test.name}`}>
                <CaseRow
                  test={test}
                  shown={shown.get(test.name) ?? null}
                  faults={faults.filter(({ path }) => path.startsWith(`tests[${number}]`))}
                  pending={start.isPending}
                  onRun={() => run([test.name])}
                  onEdit={onChange ? () => setEdited(number) : null}
                  onRemove={onChange ? () => onChange(tests.toSpliced(number, 1), "Remove a test case") : null}
                />
              </li>
            ))}
          </ol>
        </>
      )}
      {table.error ? <Failure fault={table.error} onRetry={() => void table.refetch()} /> : null}
      {table.data ? <VersionTable table={table.data} id={id} shown={version} /> : null}
      {open === null ? null : (
        <CaseDialog
          toolchain={toolchain}
          test={open === "new" ? null : (tests[open] ?? null)}
          input={given?.input ?? null}
          taken={tests.filter((_, number) => number !== open).map(({ name }) => name)}
          onClose={close}
          onPut={(changed) => put(open, changed)}
        />
      )}
    </div>
  );
}

function inWords({ passed, failed, open }: { passed: number; failed: number; open: number }): string {
  const words = [
    passed > 0 ? `${passed} passed` : "",
    failed > 0 ? `${failed} failed` : "",
    open > 0 ? `${open} to go` : "",
  ];
  return words.filter(Boolean).join(", ");
}
