import type { Body, BranchNode, Edge, Node, Toolchain } from "@/models";
import { expressionInWords, valueInWords } from "./expression";
import { nameInWords, plural } from "./format";
import { isObject } from "./json";

export const START = "start";
export const END = "end";

export interface FlowNode {
  id: string;
  kind: Node["kind"] | "start" | "end";
  title: string;
  /** What it does in a few words: the function's name, the model, the number of ways. */
  detail: string;
  /** What a map or a loop does again and again; null for every other node. */
  body: Flow | null;
}

export interface FlowEdge {
  id: string;
  from: string;
  to: string;
  /** The condition of a branch in words, else null. */
  label: string | null;
  /** Taken only when the node that it leaves fails. */
  onError: boolean;
}

export interface Flow {
  nodes: FlowNode[];
  edges: FlowEdge[];
}

/** A toolchain as what is drawn: its nodes between a start and an end, its edges and the ways of its branches. */
export function flowOf(toolchain: Pick<Toolchain, "nodes" | "edges">): Flow {
  const start = pill(START, "start", "Start");
  const taken = new Set([START, END]);
  const nodes = [start, ...toolchain.nodes.flatMap((node) => flowNode(node, taken)), pill(END, "end", "End")];
  return { nodes, edges: edgesOf(toolchain.nodes, toolchain.edges, nodes) };
}

function pill(id: string, kind: "start" | "end", title: string): FlowNode {
  return { id, kind, title, detail: "", body: null };
}

/** None for a node whose name is taken: a draft may use one twice. */
function flowNode(node: Node, taken: Set<string>): FlowNode[] {
  if (taken.has(node.id)) return [];
  taken.add(node.id);
  const { id, kind } = node;
  const body = kind === "map" || kind === "loop" ? flowOfBody(id, node.body, taken) : null;
  return [{ id, kind, title: titleOf(node), detail: detailOf(node), body }];
}

/** A body begins and ends with its node, so that only a branch that leaves it early shows an end. */
function flowOfBody(holder: string, body: Body, taken: Set<string>): Flow {
  const end = `${holder}/${END}`;
  const leaves = body.nodes.some((node) => node.kind === "branch" && targetsOf(node).includes(END));
  const nodes = [
    ...body.nodes.flatMap((node) => flowNode(node, taken)),
    ...(leaves ? [pill(end, "end", body.nodes.length > 1 ? "Next" : "End")] : []),
  ];
  const edges = body.edges ?? chainOf(body.nodes);
  const inner = edgesOf(body.nodes, edges, nodes, leaves ? end : null);
  return { nodes, edges: inner };
}

/** Nodes without edges follow each other as they are listed; a branch says itself where it goes. */
export function chainOf(nodes: readonly Node[]): Edge[] {
  return nodes.slice(1).flatMap(({ id }, index) => {
    const before = nodes[index];
    return before && before.kind !== "branch" ? [{ from: before.id, to: id }] : [];
  });
}

function edgesOf(
  nodes: readonly Node[],
  edges: readonly Edge[],
  drawn: readonly FlowNode[],
  end: string | null = END,
): FlowEdge[] {
  const known = new Set(drawn.map(({ id }) => id));
  const all = [
    ...edges.map(({ from, to }) => way(from, to, null)),
    ...nodes.flatMap((node) => (node.kind === "branch" ? waysOf(node) : [])),
    ...nodes.flatMap((node) =>
      "on_error" in node && typeof node.on_error === "string"
        ? [{ ...way(node.id, node.on_error, "on error"), id: `${node.id}⇢${node.on_error}`, onError: true }]
        : [],
    ),
  ].map((edge) => (edge.to === END && end !== null ? { ...edge, to: end } : edge));
  const seen = new Set<string>();
  // A draft may name nodes that are not there yet, or say an edge twice.
  return all.filter(({ id, from, to }) => {
    if (seen.has(id) || !known.has(from) || !known.has(to)) return false;
    seen.add(id);
    return true;
  });
}

function way(from: string, to: string, label: string | null): FlowEdge {
  return { id: `${from}→${to}`, from, to, label, onError: false };
}

const targetsOf = (node: BranchNode) => [...node.cases.map(({ to }) => to), node.else];

/** One edge a target: cases that lead to the same node share theirs. */
function waysOf(node: BranchNode): FlowEdge[] {
  const words = new Map<string, string[]>();
  for (const { when, to } of node.cases) words.set(to, [...(words.get(to) ?? []), expressionInWords(when)]);
  words.set(node.else, [...(words.get(node.else) ?? []), "otherwise"]);
  return [...words].map(([to, labels]) => way(node.id, to, labels.join(", or ")));
}

/** The node of this id, also within others; ids are used once in a toolchain. */
export function findNode({ nodes }: Pick<Body, "nodes">, id: string): Node | null {
  for (const node of nodes) {
    const found = node.id === id ? node : node.kind === "map" || node.kind === "loop" ? findNode(node.body, id) : null;
    if (found) return found;
  }
  return null;
}

const WITHOUT_RESULT: ReadonlySet<Node["kind"]> = new Set(["update", "join", "emit"]);

/** Whether a node works for a result: one that others may refer to, and that can be pinned in its place. */
export const givesResult = ({ kind }: Pick<Node, "kind">) => !WITHOUT_RESULT.has(kind);

/** Its title, or its id as words. */
export function titleOf({ id, title }: Pick<Node, "id" | "title">): string {
  return title || nameInWords(id);
}

/** What it does in a few words; nothing of a kind that these words do not know yet. */
export function detailOf(node: Node): string {
  switch (node.kind) {
    case "function":
      return node.function;
    case "llm":
      return modelOf(node.model);
    case "agent":
      return `${plural(node.tools.length, "tool")}, ${modelOf(node.model)}`;
    case "update":
      return plural(node.changes.length, "change");
    case "branch":
      return plural(new Set(targetsOf(node)).size, "way");
    case "join":
      return node.need === "all" ? "every way" : "any way";
    case "map":
      return `over ${valueInWords(node.over)}`;
    case "loop":
      return node.until ? `until ${expressionInWords(node.until)}` : `at most ${plural(node.max_iterations, "round")}`;
    case "subchain":
      return node.version ? `${node.toolchain}, version ${node.version}` : node.toolchain;
    case "approval":
      return "asks a person";
    case "wait":
      return node.event ? `for “${node.event}”` : "for a time";
    case "code":
      return "Python";
    case "http":
      return `${node.method ?? "GET"} ${typeof node.url === "string" ? node.url : valueInWords(node.url)}`;
    case "emit":
      return node.path ? `${node.event}: ${node.path}` : node.event;
    default:
      return "";
  }
}

function modelOf(model: unknown): string {
  if (model === undefined || model === null) return "default model";
  return typeof model === "string" ? model : valueInWords(model);
}

const isText = (value: unknown): value is string => typeof value === "string";

/** True when there is enough of a toolchain to draw; the server says what is wrong with the rest. */
export function isDrawable(value: unknown): value is Toolchain {
  return isObject(value) && areEdges(value["edges"]) && areNodes(value["nodes"]);
}

const areEdges = (value: unknown) =>
  Array.isArray(value) && value.every((edge) => isObject(edge) && isText(edge["from"]) && isText(edge["to"]));

const areNodes = (value: unknown): boolean => Array.isArray(value) && value.every(isDrawableNode);

function isBody(value: unknown): boolean {
  if (!isObject(value) || !areNodes(value["nodes"])) return false;
  return value["edges"] === undefined || value["edges"] === null || areEdges(value["edges"]);
}

/** What a node must have to be drawn, beside its name, where its kind needs anything. */
const NEEDS: Readonly<Record<string, (node: Record<string, unknown>) => boolean>> = {
  function: (node) => isText(node["function"]),
  agent: (node) => Array.isArray(node["tools"]),
  update: (node) => Array.isArray(node["changes"]),
  branch: (node) =>
    isText(node["else"]) &&
    Array.isArray(node["cases"]) &&
    node["cases"].every((way) => isObject(way) && isText(way["to"])),
  map: (node) => isBody(node["body"]),
  loop: (node) => isBody(node["body"]) && typeof node["max_iterations"] === "number",
  subchain: (node) => isText(node["toolchain"]),
  wait: (node) => node["event"] === undefined || node["event"] === null || isText(node["event"]),
  emit: (node) => isText(node["event"]) && (node["path"] === undefined || isText(node["path"])),
};

function isDrawableNode(node: unknown): boolean {
  if (!isObject(node) || !isText(node["id"]) || (node["title"] !== undefined && !isText(node["title"]))) return false;
  const kind = node["kind"];
  if (!isText(kind)) return false;
  return Object.hasOwn(NEEDS, kind) ? (NEEDS[kind]?.(node) ?? true) : true;
}
