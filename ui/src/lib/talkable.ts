import type { Toolchain } from "@/models";
import { isObject } from "./json";

/** Whether a toolchain can be talked to, so that it is a model: it takes a `question`, and streams an answer. Pure. */
export function isTalkable({ input, stream }: Pick<Toolchain, "input" | "stream">): boolean {
  const properties = isObject(input) ? input["properties"] : null;
  return isObject(properties) && "question" in properties && Boolean(stream);
}
