import type { RunStatus } from "@/models";
import { StatusDot, type Tone } from "./StatusDot";

const STATUSES: Record<RunStatus, [tone: Tone, word: string]> = {
  queued: ["idle", "Queued"],
  running: ["busy", "Running"],
  waiting: ["warn", "Waiting"],
  completed: ["good", "Completed"],
  failed: ["bad", "Failed"],
  cancelled: ["idle", "Cancelled"],
  dead: ["bad", "Given up"],
};

export const RUN_STATUSES = Object.keys(STATUSES) as RunStatus[];

export function statusInWords(status: RunStatus): string {
  return STATUSES[status][1];
}

/** A run's status in a word with a dot. */
export function RunStatusDot({ status }: { status: RunStatus }) {
  const [tone, word] = STATUSES[status];
  return <StatusDot tone={tone}>{word}</StatusDot>;
}
