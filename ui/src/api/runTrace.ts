import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { RunDetail } from "@/models";
import { portionOf } from "@/lib/pacing";
import { streamEvents } from "@/lib/sse";
import {
  advance,
  EMPTY_TRACE,
  hasEnded,
  isLastOfRun,
  readChange,
  type RunChange,
  type RunTrace,
  traceOf,
} from "@/lib/trace";
import { ApiError } from "./client";
import { openRunEvents, RUNS, runKey, useRun } from "./runs";

export interface WatchedRun {
  detail: RunDetail | undefined;
  /** Null while nothing is known of the run. */
  trace: RunTrace | null;
  live: boolean;
  /** Why the record can not be read, or why the live view broke off. */
  fault: unknown;
  retry: () => void;
}

const mayPass = (fault: unknown) => fault instanceof ApiError && [0, 429, 502, 503].includes(fault.status);

/** A run as it goes: its record, and its events while it is under way. */
export function useRunTrace(runId: string | null): WatchedRun {
  const client = useQueryClient();
  const { data: detail, error, refetch } = useRun(runId);
  const record = useRef<RunTrace | null>(null);
  const [watched, setWatched] = useState<{ runId: string; trace: RunTrace; fault: unknown } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const live = runId !== null && (detail === undefined ? error === null : !hasEnded(detail.status));
  const ready = detail !== undefined;

  const recorded = useMemo(() => (detail ? traceOf(detail) : null), [detail]);
  useEffect(() => {
    record.current = recorded;
  }, [recorded]);

  useEffect(() => {
    if (runId === null || !live || !ready) return;
    const stop = new AbortController();
    let trace: RunTrace = { ...EMPTY_TRACE, startedAt: record.current?.startedAt ?? null };
    let waiting: RunChange[] = [];
    let frame = 0;
    const flush = (count: number) => {
      cancelAnimationFrame(frame);
      trace = advance(trace, waiting.slice(0, count), Date.now(), startsOf(record.current));
      waiting = waiting.slice(count);
      frame = waiting.length > 0 ? requestAnimationFrame(flushPortion) : 0;
      if (!stop.signal.aborted) setWatched({ runId, trace, fault: null });
    };
    // A stream brings more events than the eye has frames, and more in a frame than can be drawn in one.
    const flushPortion = () => flush(portionOf(waiting));

    async function watch(id: string) {
      const events = streamEvents({
        connect: (lastEventId) => openRunEvents(id, lastEventId, stop.signal),
        isLast: isLastOfRun,
        mayRetry: mayPass,
        signal: stop.signal,
      });
      for await (const event of events) {
        const change = readChange(event);
        if (!change) continue;
        waiting.push(change);
        frame ||= requestAnimationFrame(flushPortion);
      }
      // A tab that is not seen has no frames.
      while (waiting.length > 0 && !document.hidden && !stop.signal.aborted) await new Promise(requestAnimationFrame);
      flush(waiting.length);
      await Promise.all([
        client.invalidateQueries({ queryKey: runKey(id) }),
        client.invalidateQueries({ queryKey: RUNS }),
      ]);
    }

    watch(runId).catch((fault: unknown) => {
      if (stop.signal.aborted) return;
      flush(waiting.length);
      setWatched((now) => (now?.runId === runId ? { ...now, fault } : { runId, trace, fault }));
    });
    return () => {
      stop.abort();
      cancelAnimationFrame(frame);
    };
  }, [runId, live, ready, attempt, client]);

  const streamed = watched?.runId === runId ? watched : null;
  // Text that was streamed is not part of the record: it stays while the page is open.
  const trace = useMemo(
    () => withTexts(live && streamed ? streamed.trace : recorded, streamed?.trace),
    [live, streamed, recorded],
  );
  return {
    detail,
    trace,
    live,
    fault: error ?? (live ? (streamed?.fault ?? null) : null),
    retry: () => {
      setAttempt((count) => count + 1);
      void refetch();
    },
  };
}

/** When each node began, as the record knows it. */
function startsOf(trace: RunTrace | null): Map<string, number> {
  return new Map([...(trace?.nodes.values() ?? [])].map(({ id, startedAt }) => [id, startedAt]));
}

function withTexts(trace: RunTrace | null, streamed: RunTrace | undefined): RunTrace | null {
  if (!trace || !streamed || trace === streamed) return trace;
  const nodes = new Map(
    [...trace.nodes].map(([id, node]) => [id, { ...node, texts: streamed.nodes.get(id)?.texts ?? node.texts }]),
  );
  return { ...trace, nodes, sources: streamed.sources };
}
