/**
 * The peer of `make bench`: a canvas of React Flow with what its published stress example has around it (overview, controls,
 * dots, a button) and as many nodes and edges as its address says.
 */
import "@xyflow/react/dist/style.css";
import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  Controls,
  type Edge,
  MiniMap,
  type Node,
  type OnEdgesChange,
  type OnNodesChange,
  Panel,
  ReactFlow,
} from "@xyflow/react";
import { useCallback, useState } from "react";
import { createRoot } from "react-dom/client";

const asked = new URLSearchParams(location.search);
const [NODES = 0, EDGES = 0, ACROSS = 1] = ["nodes", "edges", "across"].map((name) => Number(asked.get(name)));

const SIZE = { width: 50, height: 30 };

const nodesAtFirst = Array.from({ length: NODES }, (_, index): Node => ({
  id: `n${index}`,
  data: { label: `Node ${index}` },
  position: { x: 100 * (index % ACROSS), y: 50 * Math.floor(index / ACROSS) },
  style: { ...SIZE, fontSize: 11 },
  ...SIZE,
}));

/** Each node leads to the one below, then some to the one below and beside, too. */
const edgesAtFirst = [ACROSS, ACROSS + 1]
  .flatMap((step) => Array.from({ length: NODES - step }, (_, index) => [index, index + step]))
  .slice(0, EDGES)
  .map(([from, to]): Edge => ({ id: `${from}-${to}`, source: `n${from}`, target: `n${to}` }));

function Stress() {
  const [nodes, setNodes] = useState(nodesAtFirst);
  const [edges, setEdges] = useState(edgesAtFirst);
  const onNodesChange: OnNodesChange = useCallback((changes) => setNodes((now) => applyNodeChanges(changes, now)), []);
  const onEdgesChange: OnEdgesChange = useCallback((changes) => setEdges((now) => applyEdgeChanges(changes, now)), []);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      minZoom={0}
      fitView
    >
      <MiniMap />
      <Controls />
      <Background />
      <Panel position="top-right">
        <button type="button" onClick={() => setNodes(nodesAtFirst)}>
          Put back
        </button>
      </Panel>
    </ReactFlow>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<Stress />);
