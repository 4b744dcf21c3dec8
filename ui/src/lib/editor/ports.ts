/** Where the small marks of values stand at the edges of a box. Pure. */
import { isObject } from "@/lib/json";
import type { Toolchain } from "@/models";
import { ANY, lookOf, typeInWords } from "./jsonTypes";
import type { Box } from "./canvas";
import { GIVES, NEW_OUTPUT, TAKES } from "./connecting";
import { type Help, inputsOf, outputsOf, type Port, portsOfSchema } from "./results";
import { valueAt } from "./values";

export interface Mark {
  handle: string;
  /** Gives a value, at the lower edge; else takes one, at the upper. */
  gives: boolean;
  name: string;
  /** The type as it looks, and in words. */
  look: string;
  words: string;
  description: string;
  required: boolean;
  /** Something is there already. */
  filled: boolean;
  /** From the left of the box, in pixels. */
  x: number;
}

const STEP = 18;
const MARGIN = 14;
const MOST = 14;

/** The marks of a box, those that are needed first; of very many the first. */
export function marksOf(box: Box, toolchain: Toolchain, help: Help): Mark[] {
  const { content } = box;
  if (content.sort === "note") return [];
  if (content.sort === "pill")
    return content.end === "start" ? placed(givesOfInput(toolchain), box) : placed(takesOfOutput(toolchain), box);
  const { node } = content;
  const taken = inputsOf(node, help).map((port) => markOf(port, false, valueAt(node, port.path) !== undefined));
  const given = outputsOf(node, help).map((port) => markOf(port, true, true));
  return [...placed(taken, box), ...placed(given, box)];
}

type Unplaced = Omit<Mark, "x">;

function markOf({ path, name, type, required, description }: Port, gives: boolean, filled: boolean): Unplaced {
  const handle = (gives ? GIVES : TAKES) + path;
  return { handle, gives, name, look: lookOf(type), words: typeInWords(type), description, required, filled };
}

function givesOfInput({ input }: Toolchain): Unplaced[] {
  return isObject(input) ? portsOfSchema(input, "").map((port) => markOf(port, true, true)) : [];
}

function takesOfOutput({ output }: Toolchain): Unplaced[] {
  const any = { type: ANY, required: false, description: "" };
  const outputs = Object.keys(output ?? {}).map((name) => markOf({ path: name, name, ...any }, false, true));
  const more = { path: "+", name: "a new output", type: ANY, required: false, description: "Drop a value here." };
  return [...outputs, { ...markOf(more, false, false), handle: NEW_OUTPUT }];
}

function placed(marks: readonly Unplaced[], { width }: Box): Mark[] {
  const shown =
    marks.length > MOST ? [...marks].sort((a, b) => Number(b.filled) - Number(a.filled)).slice(0, MOST) : marks;
  const step = Math.min(STEP, (width - 2 * MARGIN) / Math.max(1, shown.length - 1));
  return shown.map((mark, index) => ({ ...mark, x: MARGIN + index * step }));
}
