import { Button, Center, Loader, Select } from "@mantine/core";
import { Link, useSearchParams } from "react-router";
import { useRuns } from "@/api/runs";
import { useToolchains } from "@/api/toolchains";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconRuns } from "@/components/icons";
import { Page } from "@/components/Page";
import { useNow } from "@/components/useNow";
import { RUN_STATUSES, RunStatusDot, statusInWords } from "@/components/RunStatusDot";
import { formatAgo, formatDuration } from "@/lib/format";
import { hasEnded } from "@/lib/trace";
import type { Run } from "@/models";
import "@/components/tones.css";
import classes from "./RunList.module.css";

export function RunListPage() {
  const [params, setParams] = useSearchParams();
  const status = RUN_STATUSES.find((known) => known === params.get("status")) ?? null;
  const toolchain = params.get("toolchain");
  const runs = useRuns({ status, toolchain_id: toolchain });
  const toolchains = useToolchains().data ?? [];
  const live = runs.data?.some((run) => !hasEnded(run.status)) ?? false;
  const now = useNow(live ? 1_000 : 30_000);
  const filtered = status !== null || toolchain !== null;

  function filter(name: string, value: string | null) {
    const next = new URLSearchParams(params);
    if (value === null) next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true });
  }

  const titles = new Map(toolchains.map(({ id, title }) => [id, title]));
  const choices = [...new Set([...titles.keys(), ...(toolchain === null ? [] : [toolchain])])];
  return (
    <Page title="Runs" summary="Every time a toolchain ran: an answer, an upload, or one that you started.">
      <div className={classes.filters} role="group" aria-label="Filter">
        <Select
          aria-label="Status"
          placeholder="Any status"
          clearable
          data={RUN_STATUSES.map((value) => ({ value, label: statusInWords(value) }))}
          value={status}
          onChange={(value) => filter("status", value)}
        />
        <Select
          aria-label="Toolchain"
          placeholder="Any toolchain"
          clearable
          searchable
          data={choices.map((value) => ({ value, label: titles.get(value) ?? value }))}
          value={toolchain}
          onChange={(value) => filter("toolchain", value)}
        />
      </div>
      {runs.error ? <Failure fault={runs.error} onRetry={() => void runs.refetch()} /> : null}
      {runs.isPending ? (
        <Center py="xl">
          <Loader size="sm" aria-label="Loading runs" />
        </Center>
      ) : null}
      {runs.data && runs.data.length > 0 ? <RunTable runs={runs.data} titles={titles} now={now} /> : null}
      {runs.data?.length === 0 ? (
        <EmptyState icon={<IconRuns size={26} />} title={filtered ? "Nothing found" : "No runs yet"}>
          {filtered
            ? "No run fits the filter."
            : "Ask something in the chat, upload a document, or run a toolchain: each of them is a run."}
        </EmptyState>
      ) : null}
      {runs.hasNextPage ? (
        <Center mt="lg">
          <Button variant="default" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            Load more
          </Button>
        </Center>
      ) : null}
    </Page>
  );
}

function RunTable({ runs, titles, now }: { runs: Run[]; titles: Map<string, string>; now: number }) {
  return (
    <table className={classes.table} aria-label="Runs">
      <thead>
        <tr>
          <th scope="col">Toolchain</th>
          <th scope="col">Status</th>
          <th scope="col">Started</th>
          <th scope="col" className={classes.figure}>
            Duration
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.run_id}>
            <td className={classes.name}>
              <Link to={`/runs/${run.run_id}`} className={classes.link}>
                {titles.get(run.toolchain_id) ?? run.toolchain_id}
              </Link>
              {run.error ? <span className={classes.error}>{run.error.message}</span> : null}
              {run.status === "waiting" ? <span className={classes.waits}>{waitsFor(run)}</span> : null}
            </td>
            <td>
              <RunStatusDot status={run.status} />
            </td>
            <td title={new Date(run.created_at).toLocaleString()}>{formatAgo(run.created_at, new Date(now))}</td>
            <td className={`${classes.figure ?? ""} tabular`}>{durationOf(run, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function durationOf({ started_at, finished_at, status }: Run, now: number): string {
  if (!started_at || (!finished_at && hasEnded(status))) return "–";
  return formatDuration(Math.max(0, (finished_at ? Date.parse(finished_at) : now) - Date.parse(started_at)));
}

function waitsFor({ pauses = [] }: Run): string {
  return pauses.map(({ title, event, node }) => title || event || node).join(", ");
}
