import { describe, expect, it } from "vitest";
import type { Model, ModelList } from "@/models";
import { applyModelEvent } from "./modelEvents";

function model(id: string, more: Partial<Model> = {}): Model {
  return { id, kind: "chat", engine: "vllm", state: "off", memory_mb: 0, device: "gpu0", ...more };
}

const LIST: ModelList = { models: [model("a"), model("p/x", { engine: "remote", device: "remote" })], faults: [] };
const ids = (list: ModelList | undefined) => list?.models.map(({ id }) => id);

describe("applyModelEvent", () => {
  it("keeps providers' models, of which events do not tell", () => {
    expect(ids(applyModelEvent(LIST, { models: { models: [model("b")] } }))).toEqual(["b", "p/x"]);
  });

  it("replaces a model in its place, and adds one that is new", () => {
    const after = applyModelEvent(LIST, { model: model("a", { state: "ready" }) });
    expect(after?.models[0]?.state).toBe("ready");
    expect(ids(after)).toEqual(["a", "p/x"]);
    expect(ids(applyModelEvent(LIST, { model: model("b") }))).toEqual(["a", "p/x", "b"]);
  });

  it("takes one away", () => expect(ids(applyModelEvent(LIST, { removed: "a" }))).toEqual(["p/x"]));

  it("waits for the list", () => expect(applyModelEvent(undefined, { model: model("a") })).toBeUndefined());
});
