import type { BranchNode, Node, Toolchain } from "@/models";
import { expressionInWords, valueInWords } from "./expression";
import { plural } from "./format";
import { isObject } from "./json";

export const START = "start";
export const END = "end";

export interface FlowNode {
  id: string;
  kind: Node["kind"] | "start" | "end";
  title: string;
  /** What it does in a few words: the function's name, the model, the number of ways. */
  detail: string;
}

export interface FlowEdge {
  id: string;
  from: string;
  to: string;
  /** The condition of a branch in words, else null. */
  label: string | null;
}

export interface Flow {
  nodes: FlowNode[];
  edges: FlowEdge[];
}

/** A toolchain as what is drawn: its nodes between a start and an end, its edges and the ways of its branches. */
export function flowOf(toolchain: Pick<Toolchain, "nodes" | "edges">): Flow {
  const nodes: FlowNode[] = [
    { id: START, kind: "start", title: "Start", detail: "" },
    ...toolchain.nodes.map((node) => ({
      id: node.id,
      kind: node.kind,
      title: titleOf(node),
      detail: detailOf(node),
    })),
    { id: END, kind: "end", title: "End", detail: "" },
  ];
  const known = new Map(nodes.map((node) => [node.id, node]));
  const edges = [
    ...toolchain.edges.map(({ from, to }) => ({ id: `${from}→${to}`, from, to, label: null })),
    ...toolchain.nodes.flatMap((node) => (node.kind === "branch" ? waysOf(node) : [])),
  ];
  const seen = new Set<string>();
  return {
    // A draft may use a name twice, name nodes that are not there yet, or say an edge twice.
    nodes: nodes.filter((node) => known.get(node.id) === node),
    edges: edges.filter(({ id, from, to }) => {
      if (seen.has(id) || !known.has(from) || !known.has(to)) return false;
      seen.add(id);
      return true;
    }),
  };
}

/** One edge a target: cases that lead to the same node share theirs. */
function waysOf(node: BranchNode): FlowEdge[] {
  const words = new Map<string, string[]>();
  for (const { when, to } of node.cases) words.set(to, [...(words.get(to) ?? []), expressionInWords(when)]);
  words.set(node.else, [...(words.get(node.else) ?? []), "otherwise"]);
  return [...words].map(([to, labels]) => ({
    id: `${node.id}→${to}`,
    from: node.id,
    to,
    label: labels.join(", or "),
  }));
}

/** Its title, or its id as words. */
export function titleOf({ id, title }: Pick<Node, "id" | "title">): string {
  if (title) return title;
  const words = id.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function detailOf(node: Node): string {
  switch (node.kind) {
    case "function":
      return node.function;
    case "llm":
      return node.model === undefined || node.model === null
        ? "default model"
        : typeof node.model === "string"
          ? node.model
          : valueInWords(node.model);
    case "branch":
      return plural(new Set([...node.cases.map(({ to }) => to), node.else]).size, "way");
    case "emit":
      return node.event;
  }
}

const isText = (value: unknown): value is string => typeof value === "string";

/** True when there is enough of a toolchain to draw; the server says what is wrong with the rest. */
export function isDrawable(value: unknown): value is Toolchain {
  if (!isObject(value) || !Array.isArray(value["nodes"]) || !Array.isArray(value["edges"])) return false;
  return (
    value["edges"].every((edge) => isObject(edge) && isText(edge["from"]) && isText(edge["to"])) &&
    value["nodes"].every(isDrawableNode)
  );
}

function isDrawableNode(node: unknown): boolean {
  if (!isObject(node) || !isText(node["id"]) || (node["title"] !== undefined && !isText(node["title"]))) return false;
  switch (node["kind"]) {
    case "function":
      return isText(node["function"]);
    case "llm":
      return true;
    case "emit":
      return isText(node["event"]);
    case "branch":
      return (
        isText(node["else"]) &&
        Array.isArray(node["cases"]) &&
        node["cases"].every((way) => isObject(way) && isText(way["to"]))
      );
    default:
      return false;
  }
}
