import { createStore, type StoreApi, useStore } from "zustand";
import type { WatchedRun } from "@/api/runTrace";
import type { JsonObject } from "@/lib/json";
import type { RunTrace } from "@/lib/trace";
import { type EditorStore, useEditorStore } from "@/features/editor/store";

/** What is tried in an editor. */
export interface Trial {
  /** The run that the nodes show. */
  runId: string | null;
  /** The last run of the whole toolchain: a node that is done alone is done on what this one gave. */
  baseId: string | null;
  /** The input that was given last. */
  input: JsonObject | null;
  /** The thread that the next run goes on with; null begins one. */
  thread: string | null;
  /** The run as far as it is known; null while none is shown. */
  watched: WatchedRun | null;
  /** The last run of the whole toolchain, as far as it is known. */
  base: WatchedRun | null;
  /** What the run had done at the step that is looked at; null: all that it has. */
  past: RunTrace | null;
  /** The run beside it. */
  otherId: string | null;
  /** Somebody wants a run on what stands in the form; the form takes it up. */
  asked: boolean;
}

export type TrialStore = StoreApi<Trial>;

const NOTHING: Trial = {
  ...{ runId: null, baseId: null, input: null, thread: null },
  ...{ watched: null, base: null, past: null, otherId: null, asked: false },
};

const trials = new WeakMap<EditorStore, TrialStore>();

/** The trial that belongs to an editor; it goes with it. */
export function trialOf(editor: EditorStore): TrialStore {
  let trial = trials.get(editor);
  if (!trial) {
    trial = createStore(() => NOTHING);
    trials.set(editor, trial);
  }
  return trial;
}

/** Runs the draft on what stands in the form of its input; what is missing there is told there. */
export function askForRun(editor: EditorStore): void {
  trialOf(editor).setState({ asked: true });
  editor.getState().show({ drawer: "run" });
}

export function useTrialStore(): TrialStore {
  return trialOf(useEditorStore());
}

export function useTrial<T>(selector: (trial: Trial) => T): T {
  return useStore(useTrialStore(), selector);
}
