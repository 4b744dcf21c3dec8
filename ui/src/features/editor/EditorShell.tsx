import { ReactFlowProvider } from "@xyflow/react";
import { EditorCanvas } from "./canvas/EditorCanvas";
import { PageDialog } from "@/features/apps/editor/PageDialog";
import { EditorDrawer } from "./EditorDrawer";
import { Inspector } from "./inspector/Inspector";
import { CommandsDialog } from "./dialogs/CommandsDialog";
import { ConnectDialog } from "./dialogs/ConnectDialog";
import { FindDialog } from "./dialogs/FindDialog";
import { AddDialog } from "./palette/AddDialog";
import { PalettePanel } from "./palette/PalettePanel";
import { useHelp } from "./palette/usePalette";
import { BACKGROUND, DIALOGS as MORE_DIALOGS } from "./slots";
import { useEditor } from "./store";
import { TopBar } from "./TopBar";
import { useChecking } from "./useChecking";
import classes from "./Editor.module.css";

const DIALOGS: typeof MORE_DIALOGS = {
  commands: CommandsDialog,
  connect: ConnectDialog,
  find: FindDialog,
  ...MORE_DIALOGS,
};

/** The editor's window: a bar at the top, the canvas, what is selected at the right, and a drawer at the bottom. */
export function EditorShell() {
  useHelp();
  useChecking();
  return (
    <ReactFlowProvider>
      <div className={classes.shell}>
        <TopBar />
        <PalettePanel />
        <div className={classes.stage}>
          <EditorCanvas />
          <EditorDrawer />
        </div>
        <Inspector />
      </div>
      <AddDialog />
      <BuildingOfPage />
      <Dialogs />
      {BACKGROUND.map((Part, index) => (
        <Part key={index} />
      ))}
    </ReactFlowProvider>
  );
}

function BuildingOfPage() {
  const building = useEditor((state) => state.building);
  return building ? <PageDialog /> : null;
}

function Dialogs() {
  const name = useEditor((state) => state.dialog);
  const show = useEditor((state) => state.show);
  const Dialog = name !== null && Object.hasOwn(DIALOGS, name) ? DIALOGS[name] : undefined;
  return Dialog ? <Dialog onClose={() => show({ dialog: null })} /> : null;
}
