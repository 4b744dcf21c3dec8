import type { NodeStatus, RunTrace } from "./trace";

export interface Bar {
  id: string;
  status: NodeStatus;
  /** Milliseconds after the run's start. */
  offsetMs: number;
  durationMs: number;
  /** Shares of the whole width, from 0 to 1. */
  left: number;
  width: number;
}

export interface Timeline {
  /** In the order of the starts. */
  bars: Bar[];
  /** Milliseconds from the run's start to its end, or to now. */
  totalMs: number;
  /** Milliseconds at which a line is drawn, the first one 0. */
  ticks: number[];
}

/**
 * When each node ran within its run.
 * @param now milliseconds since 1970, the end of what is still under way
 */
export function timelineOf(trace: RunTrace, now: number): Timeline {
  const nodes = [...trace.nodes.values()];
  // A node's clock is the worker's, a run's the database's: where they disagree the earlier one begins.
  const begin = Math.min(trace.startedAt ?? Infinity, ...nodes.map(({ startedAt }) => startedAt));
  const last = Math.max(begin, trace.finishedAt ?? now);
  const spans = nodes.map(({ id, status, startedAt, durationMs }) => ({
    id,
    status,
    offsetMs: startedAt - begin,
    durationMs: durationMs ?? Math.max(0, last - startedAt),
  }));
  const end = Math.max(0, ...spans.map(({ offsetMs, durationMs }) => offsetMs + durationMs));
  const totalMs = Number.isFinite(begin) ? Math.max(last - begin, end) : 0;
  return {
    totalMs,
    ticks: ticksOf(totalMs),
    bars: spans.map((span) => ({
      ...span,
      left: totalMs > 0 ? span.offsetMs / totalMs : 0,
      width: totalMs > 0 ? span.durationMs / totalMs : 0,
    })),
  };
}

/** Round steps of 1, 2 or 5 times a power of ten, three to six of them. */
function ticksOf(totalMs: number): number[] {
  if (totalMs <= 0) return [0];
  const rough = totalMs / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(totalMs / step) + 1 }, (_, index) => index * step);
}
