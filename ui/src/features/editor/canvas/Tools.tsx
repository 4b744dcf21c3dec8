import { ActionIcon, Tooltip } from "@mantine/core";
import { Panel, useReactFlow } from "@xyflow/react";
import { type ComponentType, memo } from "react";
import { type IconProps, IconPlus, IconSearch, IconZoomIn, IconZoomOut } from "@/components/icons";
import { addingHere, tidy, writeNote } from "../actions";
import { IconCommand, IconFit, IconFlow, IconMap, IconNote, IconTidy } from "../icons";
import { useEditorStore } from "../store";
import classes from "./Canvas.module.css";
import { FIT } from "./EditorCanvas";

interface ToolsProps {
  minimap: boolean;
  onMinimap: (shown: boolean) => void;
  /** Whether the lines of all values are drawn, not only those at what is selected. */
  values: boolean;
  onValues: (shown: boolean) => void;
}

/** The tools of the canvas. */
export const Tools = memo(function Tools({ minimap, onMinimap, values, onValues }: ToolsProps) {
  const store = useEditorStore();
  const flow = useReactFlow();
  function note() {
    const { width, height, left, top } =
      document.querySelector(".react-flow")?.getBoundingClientRect() ?? new DOMRect();
    writeNote(store, flow.screenToFlowPosition({ x: left + width / 2 - 110, y: top + height / 3 }));
  }
  return (
    <Panel position="bottom-left">
      <div className={classes.tools} role="toolbar" aria-label="Tools" aria-orientation="vertical">
        <Tool
          label="Add a node"
          keys="N"
          Icon={IconPlus}
          onClick={() => store.getState().show({ adding: addingHere(store) })}
        />
        <Tool label="Add a note" Icon={IconNote} onClick={note} />
        <Tool
          label="Search in the graph"
          keys="Ctrl F"
          Icon={IconSearch}
          onClick={() => store.getState().show({ dialog: "find" })}
        />
        <Tool label="Tidy up" keys="Shift L" Icon={IconTidy} onClick={() => tidy(store)} />
        <Tool label="All values" Icon={IconFlow} pressed={values} onClick={() => onValues(!values)} />
        <Tool label="Overview" Icon={IconMap} pressed={minimap} onClick={() => onMinimap(!minimap)} />
        <Tool label="Show all" keys="F" Icon={IconFit} onClick={() => void flow.fitView(FIT)} />
        <Tool label="Zoom in" keys="+" Icon={IconZoomIn} onClick={() => void flow.zoomIn()} />
        <Tool label="Zoom out" keys="−" Icon={IconZoomOut} onClick={() => void flow.zoomOut()} />
        <Tool
          label="Commands"
          keys="Ctrl K"
          Icon={IconCommand}
          onClick={() => store.getState().show({ dialog: "commands" })}
        />
      </div>
    </Panel>
  );
});

interface ToolProps {
  label: string;
  keys?: string;
  Icon: ComponentType<IconProps>;
  pressed?: boolean;
  onClick: () => void;
}

function Tool({ label, keys, Icon, pressed, onClick }: ToolProps) {
  return (
    <Tooltip label={keys ? `${label} (${keys})` : label} position="right">
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        color={pressed ? "tide" : "gray"}
        size={32}
        aria-label={label}
        {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
        onClick={onClick}
      >
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  );
}
