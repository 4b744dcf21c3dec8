import type { ComponentType } from "react";
import { PageTab } from "@/features/apps/editor/PageTab";
import { SharingTab } from "@/features/sharing/SharingTab";
import { TestsTab } from "@/features/testcases/TestsTab";
import { CompareTab } from "@/features/tryit/CompareTab";
import { Follower } from "@/features/tryit/Follower";
import { NodeRunTab } from "@/features/tryit/NodeRunTab";
import { RunButton } from "@/features/tryit/RunButton";
import { RunTab } from "@/features/tryit/RunTab";
import { StepsTab } from "@/features/tryit/StepsTab";
import { askForRun } from "@/features/tryit/trial";
import { ConflictDialog } from "@/features/versions/ConflictDialog";
import { download } from "@/features/versions/download";
import { DraftKeeper } from "@/features/versions/DraftKeeper";
import { DraftsDialog } from "@/features/versions/DraftsDialog";
import { VersionsButton } from "@/features/versions/VersionsButton";
import { VersionsDialog } from "@/features/versions/VersionsDialog";
import type { Node } from "@/models";
import type { EditorStore } from "./store";

/** A tab of the inspector for the one node that is selected. */
export interface NodeTab {
  id: string;
  label: string;
  Panel: ComponentType<{ node: Node }>;
}

/** A tab of the inspector for the toolchain itself, or one of the drawer at the bottom. */
export interface PanelTab {
  id: string;
  label: string;
  Panel: ComponentType;
}

/** A command of the palette (Ctrl-K). */
export interface EditorCommand {
  id: string;
  title: string;
  /** As people write it: `Ctrl Z`. */
  keys?: string;
  run: (store: EditorStore) => void;
}

/**
 * Where parts that are about a toolchain, but not about drawing it, plug into the editor. All of them are drawn within
 * the editor's provider: they read it with `useEditor` and change it with `edit`.
 */
export const NODE_TABS: readonly NodeTab[] = [{ id: "run", label: "Run", Panel: NodeRunTab }];
export const TOOLCHAIN_TABS: readonly PanelTab[] = [
  { id: "tests", label: "Tests", Panel: TestsTab },
  { id: "page", label: "Page", Panel: PageTab },
  { id: "sharing", label: "Share", Panel: SharingTab },
];
/** In the drawer at the bottom; open one with `show({ drawer: id })`. */
export const DRAWER_TABS: readonly PanelTab[] = [
  { id: "run", label: "Run", Panel: RunTab },
  { id: "steps", label: "Steps", Panel: StepsTab },
  { id: "compare", label: "Compare", Panel: CompareTab },
];
/** At the right of the top bar, before Save. */
export const BAR_ITEMS: readonly ComponentType[] = [RunButton, VersionsButton];
/** By name; open one with `show({ dialog: name })`. Each is drawn while it is open. */
export const DIALOGS: Readonly<Record<string, ComponentType<{ onClose: () => void }>>> = {
  versions: VersionsDialog,
  drafts: DraftsDialog,
  conflict: ConflictDialog,
};
export const COMMANDS: readonly EditorCommand[] = [
  { id: "run", title: "Run the draft", keys: "Ctrl Enter", run: askForRun },
  { id: "steps", title: "Go through the run's steps", run: (store) => store.getState().show({ drawer: "steps" }) },
  { id: "compare-runs", title: "Compare two runs", run: (store) => store.getState().show({ drawer: "compare" }) },
  { id: "versions", title: "Versions", run: (store) => store.getState().show({ dialog: "versions" }) },
  { id: "drafts", title: "Other drafts", run: (store) => store.getState().show({ dialog: "drafts" }) },
  { id: "export", title: "Export as a file", run: (store) => download(store.getState().toolchain) },
];
/** Drawn nowhere: hooks that keep something going while the editor is open, such as saving by itself. */
export const BACKGROUND: readonly ComponentType[] = [Follower, DraftKeeper];
