import "@xyflow/react/dist/base.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  Background,
  BackgroundVariant,
  type Connection,
  type Edge,
  MiniMap,
  ReactFlow,
  type ReactFlowInstance,
  SelectionMode,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { type DragEvent, type MouseEvent, useCallback, useMemo, useState } from "react";
import "@/components/tones.css";
import graph from "@/components/graph/Graph.module.css";
import { valueLines } from "@/lib/editor/flows";
import { START } from "@/lib/editor/ways";
import { verdictOf } from "@/lib/editor/connecting";
import { add } from "../actions";
import { DRAGGED } from "../palette/PaletteList";
import { usePalette } from "../palette/usePalette";
import { useEditor, useEditorStore } from "../store";
import { GroupBox, OpenedBox, PillBox, StepBox } from "./Boxes";
import classes from "./Canvas.module.css";
import { ConnectionHint } from "./ConnectionHint";
import { type DropTarget, placeAt } from "./dropping";
import { type AnyEdge, type BoxNode, edgesOf, valueEdgesOf } from "./flowItems";
import { Arrows, ValueLine, WayLine } from "./LineEdges";
import { FAR, NEAR, NearProvider } from "./near";
import { NoteBox } from "./NoteBox";
import { PlusOnLine } from "./PlusOnLine";
import { SelectionBar } from "./SelectionBar";
import { Tools } from "./Tools";
import { useCanvasChanges } from "./useCanvasChanges";
import { useConnecting } from "./useConnecting";
import { useClipboard, useShortcuts } from "./useShortcuts";

const NODE_TYPES = { node: StepBox, group: GroupBox, opened: OpenedBox, pill: PillBox, note: NoteBox };
const EDGE_TYPES = { line: WayLine, value: ValueLine };
// At the left stand the tools.
export const FIT = { padding: { x: 0.12, y: 0.12, left: "84px" }, maxZoom: 1, minZoom: 0.05 } as const;
// Pixels of height from which the canvas has room for its overview.
const ROOMY = 520;
// Beyond this, what is out of sight is not drawn.
const MANY = 80;

const SNAP: [number, number] = [10, 10];
const SELECT_MORE = ["Meta", "Control", "Shift"];
const OPTIONS = { hideAttribution: true };

const WORDS = {
  "node.a11yDescription.default": "Press Enter to select it, arrow keys to move it, Delete to take it away.",
  "node.a11yDescription.keyboardDisabled": "Press Enter to select it.",
  "edge.a11yDescription.default": "Press Enter to select the way, Delete to take it away.",
  "minimap.ariaLabel": "Overview",
};

/**
 * The toolchain drawn, to be changed with mouse and keyboard. What it gives to React Flow are the objects and functions of
 * before, or every node and way is drawn anew.
 */
export function EditorCanvas() {
  const store = useEditorStore();
  const scheme = useComputedColorScheme("light");
  const flow = useReactFlow<BoxNode, AnyEdge>();
  const near = useStore((state) => state.transform[2] >= NEAR);
  const far = useStore((state) => state.transform[2] < FAR);
  // From far one sees where the run is, not what it has yet to come to.
  const showing = useEditor((state) => state.nodeRuns.size > 0) && !far;
  // Above an open drawer the overview would stand on the nodes.
  const roomy = useStore((state) => state.height >= ROOMY);
  const [minimap, setMinimap] = useState(true);
  const [everyValue, setEveryValue] = useState(false);
  const { hovered, ...hovering } = useHovering();
  const { nodes, onNodesChange, onEdgesChange } = useCanvasChanges();
  const edges = useEdges(near, everyValue);
  const connecting = useConnecting();
  useShortcuts();
  useClipboard();
  const drop = useDropping();
  const isValid = useCallback(
    (line: Connection | Edge) => {
      const { toolchain, help } = store.getState();
      const { source, target, sourceHandle = null, targetHandle = null } = line;
      return verdictOf(toolchain, { source, target, sourceHandle, targetHandle }, help).kind !== "refused";
    },
    [store],
  );

  const onPaneClick = useCallback(() => store.getState().select([]), [store]);
  const onDoubleClick = useCallback(
    ({ target, clientX: x, clientY: y }: MouseEvent) => {
      if (!isPane(target)) return;
      const at = flow.screenToFlowPosition({ x, y });
      store.getState().show({ adding: { screen: { x, y }, container: null, at, after: null, way: null } });
    },
    [store, flow],
  );

  return (
    <div
      className={`${graph.graph ?? ""} ${classes.canvas ?? ""}`}
      role="application"
      aria-label="Canvas"
      data-far={far || undefined}
      data-showing={showing || undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <NearProvider value={near}>
        <ReactFlow<BoxNode, AnyEdge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          colorMode={scheme}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          {...hovering}
          onPaneClick={onPaneClick}
          onDoubleClick={onDoubleClick}
          onConnect={connecting.onConnect}
          onConnectStart={connecting.onConnectStart}
          onConnectEnd={connecting.onConnectEnd}
          isValidConnection={isValid}
          connectionLineComponent={ConnectionHint}
          connectionRadius={24}
          onInit={begin}
          minZoom={0.05}
          maxZoom={2}
          snapToGrid
          snapGrid={SNAP}
          selectionMode={SelectionMode.Partial}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={SELECT_MORE}
          deleteKeyCode={null}
          elevateNodesOnSelect={false}
          elevateEdgesOnSelect
          zoomOnDoubleClick={false}
          ariaLabelConfig={WORDS}
          onlyRenderVisibleElements={nodes.length > MANY}
          proOptions={OPTIONS}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
          <PlusOnLine hovered={hovered} />
          <SelectionBar />
          <Tools minimap={minimap} onMinimap={setMinimap} values={everyValue} onValues={setEveryValue} />
          {minimap && roomy ? (
            <MiniMap pannable zoomable className={classes.minimap ?? ""} nodeBorderRadius={8} />
          ) : null}
        </ReactFlow>
      </NearProvider>
      <Arrows />
      <Beginning />
    </div>
  );
}

const isPane = (target: EventTarget) => target instanceof Element && target.classList.contains("react-flow__pane");
const begin = (flow: ReactFlowInstance<BoxNode, AnyEdge>) => void showBeginning(flow);

/** The way under the pointer. */
function useHovering() {
  const [hovered, setHovered] = useState<string | null>(null);
  const onEdgeMouseEnter = useCallback((_: MouseEvent, { id }: AnyEdge) => setHovered(id), []);
  const onNodeMouseEnter = useCallback(() => setHovered(null), []);
  // Not when the way is left: the "+" lies on it.
  const onPaneMouseMove = useCallback(({ target }: MouseEvent) => {
    if (isPane(target)) setHovered(null);
  }, []);
  return { hovered, onEdgeMouseEnter, onNodeMouseEnter, onPaneMouseMove };
}

// Smaller than this nobody reads what a node says.
const LEGIBLE = 0.5;

/** All of it where that can be read, else as much as can from the start on; of very much all of it. */
async function showBeginning(flow: ReactFlowInstance<BoxNode, AnyEdge>): Promise<void> {
  await flow.fitView(FIT);
  if (flow.getZoom() >= LEGIBLE || flow.getNodes().length > MANY) return;
  await flow.fitView({ nodes: [{ id: START }], maxZoom: 0.75, minZoom: 0.75 });
  const { x, y, zoom } = flow.getViewport();
  const start = flow.getNode(START)?.position ?? { x: 0, y: 0 };
  await flow.setViewport({ x: x - (x + start.x * zoom) + 72, y, zoom });
}

/** Ways, and where it is near enough the values that flow at what is selected, or everywhere. */
function useEdges(near: boolean, everyValue: boolean): AnyEdge[] {
  const canvas = useEditor((state) => state.canvas);
  const selection = useEditor((state) => state.selection);
  const toolchain = useEditor((state) => state.toolchain);
  const help = useEditor((state) => state.help);
  const ways = useMemo(() => edgesOf(canvas, selection), [canvas, selection]);
  const values = useMemo(() => {
    if (!near || (!everyValue && selection.size === 0)) return [];
    return valueEdgesOf(valueLines(toolchain, help, everyValue ? null : selection));
  }, [near, everyValue, toolchain, help, selection]);
  return useMemo(() => (values.length > 0 ? [...ways, ...values] : ways), [ways, values]);
}

/** What is dragged from the palette goes where it is let go: on a way, into a frame, or onto the canvas. */
function useDropping() {
  const store = useEditorStore();
  const flow = useReactFlow<BoxNode, AnyEdge>();
  const items = usePalette();
  return (event: DragEvent) => {
    const item = items.find(({ id }) => id === event.dataTransfer.getData(DRAGGED));
    if (!item) return;
    event.preventDefault();
    const point = { x: event.clientX, y: event.clientY };
    const target: DropTarget = placeAt(store, flow, point, event.target as Element);
    add(store, item, { screen: null, after: null, ...target });
  };
}

/** What an empty canvas says. */
function Beginning() {
  const empty = useEditor((state) => state.toolchain.nodes.length === 0);
  return empty ? (
    <p className={classes.beginning}>
      Drag a step from the palette onto the canvas, or press <kbd>N</kbd> to choose one.
    </p>
  ) : null;
}
