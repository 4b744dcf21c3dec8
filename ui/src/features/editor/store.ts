import { createContext, useContext } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { type Canvas, canvasOf } from "@/lib/editor/canvas";
import { emptyHistory, type History, recorded, redone, undone } from "@/lib/editor/history";
import { nodesById } from "@/lib/editor/tree";
import type { PlacedWay } from "@/lib/editor/commands";
import { indexed, type PlacedFault, placedFaults } from "@/lib/editor/faults";
import type { NodeRun } from "@/lib/editor/nodeRun";
import type { Help } from "@/lib/editor/results";
import type { Container } from "@/lib/editor/tree";
import type { Exit } from "@/lib/editor/ways";
import type { Point } from "@/lib/layout";
import type { Fault, Toolchain } from "@/models";

/** Where the draft comes from: null while it has never been saved. */
export interface Origin {
  id: string;
  version: number;
}

interface Moment {
  toolchain: Toolchain;
  selection: ReadonlySet<string>;
}

/** A change of the toolchain. */
export interface Change {
  /** What it does, for the list of what can be undone: `Add a node`. */
  label: string;
  /** Changes with the same key that follow each other are undone as one: typing into one field. */
  merge?: string;
  /** Returns the toolchain given where there is nothing to change. */
  change: (toolchain: Toolchain) => Toolchain;
  /** What is selected afterwards; left out: what was, as far as it is still there. */
  select?: Iterable<string>;
}

/** Where the node is to go that is being chosen from the palette. */
export interface Adding {
  /** Where on the screen the palette opens; null: in the middle. */
  screen: Point | null;
  container: Container;
  /** Within the container; null: where there is room. */
  at: Point | null;
  /** What is to lead to it. */
  after: { from: string; exit: Exit } | null;
  /** The way that it is put on. */
  way: PlacedWay | null;
}

/** What the editor knows. The toolchain is the only truth: the canvas follows from it. */
export interface EditorState {
  toolchain: Toolchain;
  canvas: Canvas;
  history: History<Moment>;
  /** Ids of boxes (nodes, `note:<id>`) and of lines of the canvas. */
  selection: ReadonlySet<string>;

  /** The version that the draft was made from, and what was saved there; the draft is changed when it is not that object. */
  origin: Origin | null;
  saved: Toolchain;

  /** What the server finds wrong with the toolchain, and whether it has looked at this very one. */
  faults: readonly PlacedFault[];
  checked: boolean;
  /** The faults of a node or a line, by its id. */
  faultIndex: ReadonlyMap<string, readonly PlacedFault[]>;

  /** What the platform's functions take and give; empty until it is known. */
  help: Help;

  /** What each node does in the run that is shown, by the id of the node; whoever fills it keeps what did not change. */
  nodeRuns: ReadonlyMap<string, NodeRun>;

  /** The tab of the inspector, for a selected node and for the toolchain; the tab of the drawer, null when it is closed. */
  nodeTab: string;
  toolchainTab: string;
  drawer: string | null;
  /** The dialog that is open. */
  dialog: string | null;
  /** Whether the toolchain's page is built, over the canvas; dialogs open over it. */
  building: boolean;
  /** The node that is being chosen from the palette. */
  adding: Adding | null;
  /** Subchains that show what is in them. */
  opened: ReadonlySet<string>;
  /** The path of a field that is to be brought into view, as faults name them; null when none is. */
  reveal: string | null;

  edit: (change: Change) => void;
  undo: () => void;
  redo: () => void;
  select: (ids: Iterable<string>) => void;
  setFaults: (toolchain: Toolchain, faults: readonly Fault[]) => void;
  setHelp: (help: Help) => void;
  setNodeRuns: (runs: ReadonlyMap<string, NodeRun>) => void;
  /** Notes that this toolchain is now what the server has. */
  setSaved: (toolchain: Toolchain, origin: Origin) => void;
  open: (id: string, open: boolean) => void;
  show: (
    panel: Partial<
      Pick<EditorState, "nodeTab" | "toolchainTab" | "drawer" | "dialog" | "building" | "adding" | "reveal">
    >,
  ) => void;
}

export type EditorStore = StoreApi<EditorState>;

const NO_HELP: Help = new Map();
const NO_FAULTS: ReadonlyMap<string, readonly PlacedFault[]> = new Map();
const NO_RUNS: ReadonlyMap<string, NodeRun> = new Map();
const NOTHING: ReadonlySet<string> = new Set();

export function createEditorStore(toolchain: Toolchain, origin: Origin | null): EditorStore {
  return createStore<EditorState>((set, get) => {
    function moved(moment: Moment, history: History<Moment>) {
      const canvas = canvasOf(moment.toolchain, get().opened, get().canvas);
      set({ ...moment, canvas, history, checked: false, selection: stillThere(moment.selection, canvas) });
    }
    return {
      toolchain,
      canvas: canvasOf(toolchain, NOTHING),
      history: emptyHistory(),
      selection: NOTHING,
      origin,
      saved: toolchain,
      faults: [],
      checked: false,
      faultIndex: NO_FAULTS,
      help: NO_HELP,
      nodeRuns: NO_RUNS,
      nodeTab: "form",
      toolchainTab: "about",
      drawer: null,
      dialog: null,
      building: false,
      adding: null,
      opened: NOTHING,
      reveal: null,

      edit: ({ label, merge = null, change, select }) => {
        const { toolchain: before, selection, history } = get();
        const next = change(before);
        if (next === before) return;
        const moment = { toolchain: next, selection: select ? new Set(select) : selection };
        moved(moment, recorded(history, { toolchain: before, selection }, label, merge ?? null));
      },
      undo: () => {
        const back = undone(get().history, { toolchain: get().toolchain, selection: get().selection });
        if (back) moved(back.state, back.history);
      },
      redo: () => {
        const on = redone(get().history, { toolchain: get().toolchain, selection: get().selection });
        if (on) moved(on.state, on.history);
      },
      select: (ids) => {
        const next = new Set(ids);
        const now = get().selection;
        if (next.size === now.size && [...next].every((id) => now.has(id))) return;
        set({ selection: next, history: { ...get().history, merging: null } });
      },
      setFaults: (of, faults) => {
        if (of !== get().toolchain) return;
        const placed = placedFaults(of, faults);
        set({ faults: placed, faultIndex: indexed(placed), checked: true });
      },
      setHelp: (help) => set({ help }),
      setNodeRuns: (nodeRuns) => set({ nodeRuns }),
      setSaved: (saved, from) => set({ saved, origin: from }),
      open: (id, open) => {
        const opened = new Set(get().opened);
        if (open) opened.add(id);
        else opened.delete(id);
        set({ opened, canvas: canvasOf(get().toolchain, opened, get().canvas) });
      },
      show: (panel) => set(panel),
    };
  });
}

function stillThere(selection: ReadonlySet<string>, { boxes, lines }: Canvas): ReadonlySet<string> {
  if (selection.size === 0) return selection;
  const there = new Set([...boxes, ...lines].map(({ id }) => id));
  const left = [...selection].filter((id) => there.has(id));
  return left.length === selection.size ? selection : new Set(left);
}

const Context = createContext<EditorStore | null>(null);

export const EditorProvider = Context.Provider;

/** The store itself, for handlers that look at what is there when they are called. */
export function useEditorStore(): EditorStore {
  const store = useContext(Context);
  if (!store) throw new Error("This is used outside of the editor.");
  return store;
}

/** A part of what the editor knows; whoever asks is drawn anew when that part changes. */
export function useEditor<T>(selector: (state: EditorState) => T): T {
  return useStore(useEditorStore(), selector);
}

/** What a box shows of how its node fares; another object only when that is something else. */
export type ShownRun = Pick<NodeRun, "status" | "durationMs" | "tokens" | "rounds" | "retrying" | "text" | "pinned">;

export function useShownRun(id: string): ShownRun | undefined {
  return useStore(
    useEditorStore(),
    useShallow(({ nodeRuns }: EditorState) => shownOf(nodeRuns.get(id))),
  );
}

function shownOf(run: NodeRun | undefined): ShownRun | undefined {
  if (!run) return undefined;
  const { status, durationMs, tokens, rounds, retrying, text, pinned } = run;
  return { status, durationMs, tokens, rounds, retrying, text, pinned };
}

/** The one node that is selected; null when it is none, or several. */
export function selectedNode({ selection, toolchain }: Pick<EditorState, "selection" | "toolchain">) {
  const [id] = selection;
  return selection.size === 1 && id !== undefined ? (nodesById(toolchain).get(id)?.node ?? null) : null;
}
