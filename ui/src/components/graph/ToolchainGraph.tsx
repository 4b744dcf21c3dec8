import "@xyflow/react/dist/base.css";
import { useComputedColorScheme } from "@mantine/core";
import { useElementSize, useMediaQuery, useMergedRef } from "@mantine/hooks";
import {
  Background,
  BackgroundVariant,
  Controls,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  type ReactFlowInstance,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { flowOf } from "@/lib/flow";
import { graphTraceOf } from "@/lib/graphTrace";
import { betterFit } from "@/lib/layout";
import type { RunTrace } from "@/lib/trace";
import type { Mark } from "@/lib/versions/changes";
import type { Toolchain } from "@/models";
import { place, type Step, stepsOf, type Way, waysOf } from "./drawing";
import "@/components/tones.css";
import classes from "./Graph.module.css";
import { GroupNode, PillNode, StepNode } from "./StepNode";
import { Arrows, WayEdge } from "./WayEdge";

const NODE_TYPES = { step: StepNode, pill: PillNode, group: GroupNode };
const EDGE_TYPES = { way: WayEdge };
// Beyond this, what is out of sight is not drawn.
const MANY = 200;
const FIT = { padding: 0.08, maxZoom: 1, minZoom: 0.1 };

interface ToolchainGraphProps {
  toolchain: Pick<Toolchain, "nodes" | "edges">;
  /** The run that lights it up. */
  trace?: RunTrace | null;
  selected?: string | null;
  onSelect?: (node: string | null) => void;
  /** A picture only: nothing to select and no buttons. */
  still?: boolean;
  /** What differs from another version, by node, and by edge as `flowOf` calls it. */
  marks?: { nodes: ReadonlyMap<string, Mark>; edges: ReadonlyMap<string, Mark> } | null;
}

const WORDS = {
  "node.a11yDescription.default": "Press Enter to see what it does.",
  "node.a11yDescription.keyboardDisabled": "Press Enter to see what it does.",
  "controls.ariaLabel": "View",
  "controls.zoomIn.ariaLabel": "Zoom in",
  "controls.zoomOut.ariaLabel": "Zoom out",
  "controls.fitView.ariaLabel": "Show all",
};

/** A toolchain drawn: it can be moved and zoomed, its nodes selected by mouse and keyboard, and nothing changed. */
export default function ToolchainGraph(props: ToolchainGraphProps) {
  return (
    // Its own, also where it stands over a canvas that is edited.
    <ReactFlowProvider>
      <Drawn {...props} />
    </ReactFlowProvider>
  );
}

function Drawn({
  toolchain,
  trace = null,
  selected = null,
  onSelect,
  still = false,
  marks = null,
}: ToolchainGraphProps) {
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>();
  const roomy = useMediaQuery("(min-width: 62em)", undefined, { getInitialValueInEffect: false });
  const scheme = useComputedColorScheme("light");
  const instance = useRef<ReactFlowInstance<Step, Way> | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(sizeRef, box);

  const flow = useMemo(() => flowOf(toolchain), [toolchain]);
  const [right, down] = useMemo(() => [place(flow, "right"), place(flow, "down")], [flow]);
  const drawing = betterFit(right.layout, down.layout, width, height) === right.layout ? right : down;
  const lit = useMemo(() => (trace ? graphTraceOf(trace, toolchain) : null), [trace, toolchain]);
  const nodes = useMemo(
    () => marked(stepsOf(flow, drawing, lit, selected), marks?.nodes),
    [flow, drawing, lit, selected, marks],
  );
  const edges = useMemo(() => marked(waysOf(flow, drawing, lit), marks?.edges), [flow, drawing, lit, marks]);

  useEffect(() => {
    if (width > 0 && height > 0) void instance.current?.fitView(FIT);
  }, [drawing, width, height]);

  const onNodesChange = useCallback(
    (changes: NodeChange<Step>[]) => {
      for (const change of changes) if (change.type === "select" && change.selected) onSelect?.(change.id);
    },
    [onSelect],
  );

  return (
    <div
      ref={ref}
      className={classes.graph}
      data-compared={marks ? true : undefined}
      role="region"
      aria-label="Graph of the toolchain"
    >
      {width > 0 ? (
        <ReactFlow<Step, Way>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          colorMode={scheme}
          onInit={(made) => (instance.current = made)}
          onNodesChange={onNodesChange}
          onPaneClick={() => onSelect?.(null)}
          fitView
          fitViewOptions={FIT}
          minZoom={0.1}
          maxZoom={1.75}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          nodesFocusable={!still}
          elementsSelectable={!still}
          // A node that holds others would be lifted above them.
          elevateNodesOnSelect={false}
          ariaLabelConfig={WORDS}
          onlyRenderVisibleElements={nodes.length > MANY}
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          zoomOnDoubleClick={false}
          // Where the page scrolls the wheel is the page's; where the graph fills the window it zooms.
          preventScrolling={roomy}
          zoomOnScroll={roomy}
          panOnScroll={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
          {still ? null : <Controls showInteractive={false} fitViewOptions={FIT} />}
        </ReactFlow>
      ) : null}
      <Arrows />
    </div>
  );
}

const MARKS: Record<Mark, string> = { added: ", added", removed: ", removed", changed: ", changed" };

function marked<T extends Step | Way>(parts: T[], marks: ReadonlyMap<string, Mark> | undefined): T[] {
  if (!marks) return parts;
  return parts.map((part) => {
    const mark = marks.get(part.id);
    return mark ? { ...part, className: mark, ariaLabel: `${part.ariaLabel ?? ""}${MARKS[mark]}` } : part;
  });
}
