import { toast } from "@/components/toast";
import { aligned, type Alignment, tidied } from "@/lib/editor/align";
import { copied, pasted, readPasted } from "@/lib/editor/clipboard";
import {
  addNode,
  addNote,
  disconnect,
  freshId,
  insertNode,
  type PlacedWay,
  removeBoxes,
  takenIds,
  withPlaces,
} from "@/lib/editor/commands";
import { droppedInto, withMoved } from "@/lib/editor/frames";
import { drawnOn, type Verdict } from "@/lib/editor/connecting";
import { nameOf, nodeOf, type PaletteItem } from "@/lib/editor/palette";
import { type Container, isHolder, nodesById } from "@/lib/editor/tree";
import { END, START } from "@/lib/editor/ways";
import type { Point } from "@/lib/layout";
import { plural } from "@/lib/format";
import type { Adding, EditorStore } from "./store";

/* What the canvas, the keyboard and the palette of commands do to the toolchain. */

/** Where something goes that is added without being put anywhere: into the selected frame, behind the selected node. */
export function addingHere(store: EditorStore): Adding {
  const { selection, toolchain, canvas } = store.getState();
  const nowhere: Adding = { screen: null, container: null, at: null, after: null, way: null };
  const [id] = selection;
  if (selection.size !== 1 || id === undefined) {
    return toolchain.nodes.length === 0 ? { ...nowhere, after: { from: START, exit: { sort: "edge" } } } : nowhere;
  }
  const line = canvas.lines.find((one) => one.id === id);
  if (line) return { ...nowhere, container: line.container, way: wayOf(store, id) };
  if (id === START) return { ...nowhere, after: { from: START, exit: { sort: "edge" } } };
  const found = nodesById(toolchain).get(id);
  if (!found) return nowhere;
  if (isHolder(found.node) && found.node.body.nodes.length === 0)
    return { ...nowhere, container: id, after: { from: START, exit: { sort: "edge" } } };
  if (found.node.kind === "branch") {
    const free = found.node.cases.findIndex(({ to }) => to === "");
    const exit = free >= 0 ? { sort: "case" as const, index: free } : { sort: "else" as const };
    return { ...nowhere, container: found.container, after: { from: id, exit } };
  }
  return { ...nowhere, container: found.container, after: { from: id, exit: { sort: "edge" } } };
}

/** The way that a line of the canvas stands for. */
export function wayOf(store: EditorStore, lineId: string): PlacedWay | null {
  const line = store.getState().canvas.lines.find(({ id }) => id === lineId);
  if (!line) return null;
  const { container, exit } = line;
  // A line that begins or ends at a frame does so at the body's own start or end.
  const from = container !== null && line.from === container ? START : line.from;
  const to = container !== null && line.to === container ? END : line.to;
  return { from, to, exit, container };
}

export function add(store: EditorStore, item: PaletteItem, adding: Adding): void {
  const { edit, toolchain } = store.getState();
  const id = freshId(nameOf(item), takenIds(toolchain));
  const node = nodeOf(item, id);
  const { way } = adding;
  edit({
    label: `Add “${item.title}”`,
    change: (now) => (way ? insertNode(now, node, way) : addNode(now, node, adding)),
    select: [id],
  });
  store.getState().show({ adding: null, nodeTab: "form" });
}

export function writeNote(store: EditorStore, at: Point): void {
  const { toolchain, edit } = store.getState();
  const added = addNote(toolchain, at);
  edit({ label: "Add a note", change: () => added.toolchain, select: [`note:${added.id}`] });
}

/** Takes away what is selected. The start and the end stay. */
export function remove(store: EditorStore): void {
  const { selection, canvas, edit } = store.getState();
  const ways = canvas.lines.flatMap(({ id }) => (selection.has(id) ? (wayOf(store, id) ?? []) : []));
  const boxes = new Set(
    canvas.boxes.filter(({ id, content }) => selection.has(id) && content.sort !== "pill").map(({ id }) => id),
  );
  if (ways.length + boxes.size === 0) return;
  const what = boxes.size > 0 ? plural(boxes.size, "part") : plural(ways.length, "way");
  edit({
    label: `Delete ${what}`,
    change: (toolchain) => {
      const left = ways.length > 0 ? disconnect(toolchain, ways) : toolchain;
      return boxes.size > 0 ? removeBoxes(left, boxes) : left;
    },
    select: [],
  });
}

export function move(store: EditorStore, places: ReadonlyMap<string, Point>, merge?: string): void {
  if (places.size === 0) return;
  store.getState().edit({
    label: `Move ${plural(places.size, "part")}`,
    ...(merge ? { merge } : {}),
    change: (toolchain) => withPlaces(toolchain, places),
  });
}

/** Puts what was dragged where it was let go: also into a frame, or out of one. */
export function drop(store: EditorStore, places: ReadonlyMap<string, Point>): void {
  const dropped = droppedInto(store.getState().canvas, places);
  if (dropped === null) move(store, places);
  else hold(store, dropped.ids, dropped.container, new Map([...places, ...dropped.places]));
}

/** Has a frame hold nodes, or with null the toolchain itself. */
function hold(
  store: EditorStore,
  ids: ReadonlySet<string>,
  container: Container,
  places: ReadonlyMap<string, Point> = new Map(),
): void {
  const { toolchain, edit } = store.getState();
  const moved = withMoved(toolchain, ids, container, places);
  if (moved.kind === "refused") {
    toast("failed", moved.reason);
    return;
  }
  edit({ label: container === null ? "Take out of a frame" : "Put into a frame", change: () => moved.toolchain });
  if (moved.cut > 0)
    toast("done", `${plural(moved.cut, "way")} would have crossed the frame: cut. Undo takes it back.`);
}

/** Puts the selected nodes into the frame that is selected with them. */
export function putIntoFrame(store: EditorStore): void {
  const { toolchain, selection } = store.getState();
  const selected = [...selection].flatMap((id) => nodesById(toolchain).get(id)?.node ?? []);
  const [frame, ...more] = selected.filter(isHolder);
  const ids = new Set(selected.map(({ id }) => id).filter((id) => id !== frame?.id));
  if (!frame || more.length > 0 || ids.size === 0)
    toast("failed", "Select a map or a loop, and the nodes that it is to hold.");
  else hold(store, ids, frame.id);
}

/** Takes the selected nodes out of what holds them. */
export function takeOutOfFrame(store: EditorStore): void {
  const { toolchain, selection } = store.getState();
  const all = nodesById(toolchain);
  const ids = new Set([...selection].filter((id) => (all.get(id)?.container ?? null) !== null));
  const [first] = ids;
  const holder = first === undefined ? null : (all.get(first)?.container ?? null);
  if (holder === null) toast("failed", "Select nodes that stand in a map or a loop.");
  else hold(store, ids, all.get(holder)?.container ?? null);
}

export function alignSelection(store: EditorStore, alignment: Alignment): void {
  const { canvas, selection } = store.getState();
  move(
    store,
    aligned(
      canvas.boxes.filter(({ id }) => selection.has(id)),
      alignment,
    ),
  );
}

export function tidy(store: EditorStore): void {
  store.getState().edit({ label: "Tidy up", change: tidied });
}

export function draw(store: EditorStore, verdict: Verdict): void {
  if (verdict.kind === "refused") toast("failed", verdict.reason);
  else
    store.getState().edit({
      label: verdict.kind === "way" ? "Draw a way" : "Pass a value",
      change: (toolchain) => drawnOn(toolchain, verdict),
    });
}

/** The selected nodes as text; null when none is selected. */
export function copy(store: EditorStore): string | null {
  const { toolchain, selection } = store.getState();
  return copied(toolchain, selection);
}

export function paste(store: EditorStore, text: string, at: Point | null): void {
  const read = readPasted(text);
  const { edit, toolchain } = store.getState();
  if (read.kind === "refused") toast("failed", read.reason);
  else if (read.kind === "toolchain") {
    edit({ label: "Paste a toolchain", change: () => read.toolchain, select: [] });
    toast("done", `“${read.toolchain.title}” is in the place of what was here. Undo brings that back.`);
  } else {
    const { toolchain: next, ids, refusal } = pasted(toolchain, read.fragment, containerHere(store), at);
    if (refusal !== null) toast("failed", refusal);
    else edit({ label: `Paste ${plural(ids.length, "part")}`, change: () => next, select: ids });
  }
}

export function duplicate(store: EditorStore): void {
  const text = copy(store);
  if (text !== null) paste(store, text, null);
}

/** What is pasted goes into the frame that is selected, else where the selected nodes are. */
function containerHere(store: EditorStore): Container {
  const { selection, toolchain } = store.getState();
  const all = nodesById(toolchain);
  const containers = new Set([...selection].flatMap((id) => all.get(id) ?? []).map(({ container }) => container));
  const [id] = selection;
  const only = selection.size === 1 && id !== undefined ? all.get(id)?.node : undefined;
  if (only && isHolder(only) && only.body.nodes.length === 0) return only.id;
  const [container = null] = containers;
  return containers.size === 1 ? container : null;
}

/** Selects what follows, or what comes before, the selected node. */
export function walk(store: EditorStore, forward: boolean): void {
  const { selection, canvas, select } = store.getState();
  const [id] = selection;
  const next = id === undefined ? START : nextOf(canvas.lines, id, forward);
  if (next !== undefined) select([next]);
}

function nextOf(lines: readonly { from: string; to: string }[], id: string, forward: boolean): string | undefined {
  return forward ? lines.find(({ from }) => from === id)?.to : lines.find(({ to }) => to === id)?.from;
}
