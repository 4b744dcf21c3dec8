import { describe, expect, it } from "vitest";
import type { Collection, Model } from "@/models";
import { changeOf, costInWords, draftOf, embeddersOf, faultsOf, languageOptions } from "./reindex";

const COLLECTION: Collection = {
  id: "c",
  name: "Manuals",
  description: "",
  metadata: {},
  language: "english",
  embedder: "all-MiniLM-L6-v2",
  chunking: { strategy: "structure", max_tokens: null, overlap_tokens: 32 },
  document_count: 2,
  chunk_count: 9,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

describe("changeOf", () => {
  const draft = draftOf(COLLECTION);
  it("is nothing where nothing was changed", () => {
    expect(changeOf(COLLECTION, draft)).toBeNull();
    expect(changeOf({ ...COLLECTION, chunking: {} }, draftOf({ ...COLLECTION, chunking: {} }))).toBeNull();
  });
  it("holds the whole chunking when a part of it was changed", () =>
    expect(changeOf(COLLECTION, { ...draft, maxTokens: " 128 " })).toEqual({
      collection_id: "c",
      chunking: { strategy: "structure", max_tokens: 128, overlap_tokens: 32 },
    }));
  it("leaves figures to the platform", () =>
    expect(changeOf(COLLECTION, { ...draft, overlap: "" })?.chunking?.overlap_tokens).toBeNull());
  it("names another embedder and language", () =>
    expect(changeOf(COLLECTION, { ...draft, embedder: "e5", language: "german" })).toEqual({
      collection_id: "c",
      embedder: "e5",
      language: "german",
    }));
});

describe("faultsOf", () => {
  const draft = draftOf(COLLECTION);
  it("finds none", () => expect(faultsOf({ ...draft, maxTokens: "64" })).toEqual({}));
  it.each([
    ["maxTokens", "8"],
    ["maxTokens", "12.5"],
    ["maxTokens", "many"],
    ["overlap", "-1"],
    ["overlap", "513"],
  ])("refuses %s of %s", (field, value) =>
    expect(faultsOf({ ...draft, [field]: value })).toHaveProperty(field, expect.stringMatching(/whole number/)),
  );
  it("wants an overlap of half at most", () => expect(faultsOf({ ...draft, maxTokens: "40" }).overlap).toMatch(/half/));
});

describe("costInWords", () => {
  it("names the work and the time", () =>
    expect(costInWords({ documents: 142, chunks: 3120, tokens: 412000, seconds: 125 })).toBe(
      "142 documents are cut anew, about 3,120 passages get new vectors (412,000 tokens): about 2 min 5 s.",
    ));
  it("bears one and none", () => {
    expect(costInWords({ documents: 1, chunks: 1, tokens: 1, seconds: 0.2 })).toBe(
      "1 document is cut anew, about 1 passage gets a new vector (1 token): less than a second.",
    );
    expect(costInWords({ documents: 0, chunks: 0, tokens: 0, seconds: 0 })).toMatch(/next to nothing/);
  });
});

it("offers the embedders, and always the one in use", () => {
  const model = { engine: "onnx", state: "off", memory_mb: 0, device: "cpu" } as const;
  const models: Model[] = [
    { id: "e5", kind: "embedding", dimensions: 384, max_tokens: 512, ...model },
    { id: "chat", kind: "chat", ...model },
  ];
  expect(embeddersOf(models, "e5")).toEqual([{ value: "e5", label: "e5 · 384 dimensions · up to 512 tokens" }]);
  expect(embeddersOf(models, "gone").map(({ value }) => value)).toEqual(["gone", "e5"]);
});

it("offers languages, and always the one in use", () => {
  expect(languageOptions("german").filter(({ value }) => value === "german")).toEqual([
    { value: "german", label: "German" },
  ]);
  expect(languageOptions("my_own")[0]).toEqual({ value: "my_own", label: "My own" });
});
