/** Which ways and values can be drawn from one box to another, and why others cannot. Pure. */
import { titleOf } from "@/lib/flow";
import { isObject } from "@/lib/json";
import type { Toolchain } from "@/models";
import { BODY_END, BODY_START } from "./canvas";
import { connect, type PlacedWay } from "./commands";
import { ANY, fits, type JsonType, typeAt, typeInWords } from "./jsonTypes";
import { type Help, inputsOf, typeOfResult } from "./results";
import { type Container, nodesById, partAt, withNode } from "./tree";
import { withValueAt } from "./values";
import { ancestorsOf, END, exitOf, leadsTo, START, waysOf } from "./ways";

/** Ends of a line that is being drawn, as the canvas names them. */
export interface Drawn {
  source: string;
  sourceHandle: string | null;
  target: string;
  targetHandle: string | null;
}

export type Verdict =
  | { kind: "way"; way: PlacedWay }
  | { kind: "value"; reference: string; node: string; path: string; way: PlacedWay | null }
  | { kind: "refused"; reason: string };

/** Handles of values begin with these. */
export const GIVES = "give:";
export const TAKES = "take:";
/** Where a new output of the toolchain is made. */
export const NEW_OUTPUT = `${TAKES}+`;

const refused = (reason: string): Verdict => ({ kind: "refused", reason });

/** What a line from one handle to another would be. */
export function verdictOf(toolchain: Toolchain, drawn: Drawn, help: Help): Verdict {
  const gives = drawn.sourceHandle?.startsWith(GIVES) ?? false;
  const takes = drawn.targetHandle?.startsWith(TAKES) ?? false;
  if (gives && takes) return valueVerdict(toolchain, drawn, help);
  if (gives) return refused("A value goes to one of the small marks at the top of a node: to a field that takes it.");
  if (takes) return refused("A field takes a value, from one of the small marks at the bottom of a node.");
  return wayVerdict(toolchain, drawn);
}

function wayVerdict(toolchain: Toolchain, { source, sourceHandle, target, targetHandle }: Drawn): Verdict {
  const exit = sourceHandle === BODY_START ? exitOf("out") : exitOf(sourceHandle);
  if (exit === null) return refused("No way begins here.");
  const all = nodesById(toolchain);
  const inside = sourceHandle === BODY_START;
  const ends = targetHandle === BODY_END;
  const from = inside ? START : source;
  const to = ends ? END : target;
  const sourceIn: Container = inside ? source : (all.get(source)?.container ?? null);
  const targetIn: Container = ends ? target : (all.get(target)?.container ?? null);
  const name = (id: string) => {
    const node = all.get(id)?.node;
    return node ? titleOf(node) : id === START ? "Start" : id === END ? "End" : id;
  };
  if (to === START) return refused("Nothing leads to the start.");
  if (from === END) return refused("Nothing follows the end.");
  if (source === target && !inside && !ends)
    return refused("A node cannot follow itself. What repeats goes into a loop.");
  if (sourceIn !== targetIn) {
    const frame = sourceIn ?? targetIn;
    return refused(`Ways do not cross the frame of “${name(frame ?? "")}”: what is within it begins and ends there.`);
  }
  const part = partAt(toolchain, sourceIn);
  if (!part) return refused("There is no such node.");
  const ways = waysOf(part);
  const same = ways.some(
    (way) => way.from === from && way.to === to && way.exit.sort === exit.sort && exit.sort === "edge",
  );
  if (same) return refused("This way is there already.");
  if (to !== END && from !== START && leadsTo(ways, to, from))
    return refused(`This would make a circle: “${name(to)}” leads to “${name(from)}”. What repeats goes into a loop.`);
  return { kind: "way", way: { from, to, exit, container: sourceIn } };
}

function valueVerdict(toolchain: Toolchain, drawn: Drawn, help: Help): Verdict {
  const { source, target } = drawn;
  const given = (drawn.sourceHandle ?? "").slice(GIVES.length);
  const path = (drawn.targetHandle ?? "").slice(TAKES.length);
  const all = nodesById(toolchain);
  const giver = all.get(source)?.node;
  const reference = source === START ? `input.${given}` : given === "" ? `nodes.${source}` : `nodes.${source}.${given}`;
  if (source !== START && !giver) return refused("There is no such node.");
  if (target === END) return endVerdict(toolchain, reference, path, source, all.get(source)?.container ?? null);
  const taker = all.get(target)?.node;
  if (!taker) return refused("There is no such node.");
  if (source === target) return refused("A node cannot take what it gives itself.");

  const type: JsonType = giver
    ? typeOfResult(giver, given === "" ? [] : given.split("."), help)
    : isObject(toolchain.input)
      ? typeAt(toolchain.input, given.split("."))
      : ANY;
  const wanted = inputsOf(taker, help).find((port) => port.path === path)?.type ?? ANY;
  if (!fits(type, wanted)) {
    const field = path.replace(/^input\./, "");
    return refused(`“${field}” takes ${typeInWords(wanted)}; “${given || source}” is ${typeInWords(type)}.`);
  }
  if (source === START || isBefore(toolchain, source, target))
    return { kind: "value", reference, node: target, path, way: null };
  const step = wayVerdict(toolchain, { ...drawn, sourceHandle: "out", targetHandle: "in" });
  if (step.kind !== "way") return step.kind === "refused" ? refused(step.reason) : step;
  if (giver?.kind === "branch") return refused("A branch gives no value.");
  return { kind: "value", reference, node: target, path, way: step.way };
}

function endVerdict(
  toolchain: Toolchain,
  reference: string,
  path: string,
  source: string,
  container: Container,
): Verdict {
  if (container !== null) return refused("What is within a frame gives its values to the frame, not to the end.");
  const taken = new Set(Object.keys(toolchain.output ?? {}));
  const wanted = reference.split(".").at(-1) ?? source;
  let name = path === "+" ? wanted : path;
  for (let number = 2; path === "+" && taken.has(name); number++) name = `${wanted}_${number}`;
  return { kind: "value", reference, node: END, path: name, way: null };
}

/** Whether a node has ended before another begins, so that its result can be referred to there. */
export function isBefore(toolchain: Toolchain, one: string, other: string): boolean {
  const all = nodesById(toolchain);
  const found = all.get(one);
  if (!found) return false;
  // What holds the other stands in for it, where the one stands further out.
  for (let at: string | null = other; at !== null; at = all.get(at)?.container ?? null) {
    if ((all.get(at)?.container ?? null) !== found.container) continue;
    const part = partAt(toolchain, found.container);
    return part !== null && (ancestorsOf(waysOf(part)).get(at)?.has(one) ?? false);
  }
  return false;
}

/** The toolchain after a line was drawn. */
export function drawnOn(toolchain: Toolchain, verdict: Exclude<Verdict, { kind: "refused" }>): Toolchain {
  if (verdict.kind === "way") return connect(toolchain, verdict.way);
  const { reference, node, path, way } = verdict;
  const value = { ref: reference };
  if (node === END) return { ...toolchain, output: { ...toolchain.output, [path]: value } };
  const next = withNode(toolchain, node, (one) => withValueAt(one, path, value));
  return way ? connect(next, way) : next;
}
