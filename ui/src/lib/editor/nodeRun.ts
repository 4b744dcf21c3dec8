import type { NodeStatus } from "@/lib/trace";

/** What a node of the toolchain does in the run that the editor shows, all its rounds together. */
export interface NodeRun {
  status: NodeStatus;
  durationMs: number | null;
  /** Prompt and answer tokens together; null where no model was asked. */
  tokens: number | null;
  /** How often it was done: `12 of 40`. Null for what is done once. */
  rounds: string | null;
  retrying: boolean;
  /** The end of the text that streams out of it. */
  text: string;
  /** What it was given and what it gave the last time; undefined: nothing yet. */
  input: unknown;
  output: unknown;
  error: string | null;
  /** Its output is pinned: runs of the draft take it as it is. */
  pinned: boolean;
}
