import { describe, expect, it } from "vitest";
import {
  changedOptions,
  EMPTY_SEARCH,
  readSearch,
  requestOf,
  searchIn,
  type SearchForm,
  writeSearch,
} from "./searchForm";

const FULL: SearchForm = {
  query: 'surge "water hammer"~2 -valve & more',
  lanes: "dense",
  collections: ["a", "b"],
  where: { field: "metadata.year", op: "gte", value: 2020 },
  limit: 25,
  fusion: "rrf",
  denseWeight: 0.3,
  rrfK: 20,
  candidates: 400,
  perDocument: 2,
  neighbours: 1,
  rerank: "ms-marco",
  rerankCandidates: 80,
  grouped: true,
  explain: true,
};

describe("a search and its address", () => {
  it.each([["full", FULL] as const, ["empty", EMPTY_SEARCH] as const])("are the same when %s", (_, form) =>
    expect(readSearch(new URLSearchParams(writeSearch(form).toString()))).toEqual(form),
  );
  it("of the usual kind is short", () =>
    expect(writeSearch({ ...EMPTY_SEARCH, query: "surge tank" }).toString()).toBe("q=surge+tank"));
  it("bear an address that makes no sense", () => {
    const odd = "lanes=x&fusion=y&limit=1e9&weight=-1&k=1.5&near=&each=zero&where={&explain=yes&reranked=NaN";
    expect(readSearch(new URLSearchParams(odd))).toEqual(EMPTY_SEARCH);
    expect(readSearch(new URLSearchParams('where={"field":"x","op":"drop"}')).where).toBeNull();
  });
});

describe("requestOf", () => {
  it("asks both lanes with their weights", () => {
    const { fn, body } = requestOf({ ...FULL, lanes: "hybrid" });
    expect(fn).toBe("search_hybrid");
    expect(body).toMatchObject({
      fusion: { method: "rrf", dense_weight: 0.3, rrf_k: 20 },
      rerank: { model: "ms-marco", candidates: 80 },
      filter: { where: FULL.where },
      per_document: 2,
    });
  });
  it("asks one lane without a fusion, and nothing that was not asked for", () => {
    const { fn, body } = requestOf({ ...EMPTY_SEARCH, lanes: "bm25", query: "x" });
    expect(fn).toBe("search_bm25");
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(["fusion"]));
    expect(body.filter).toBeUndefined();
    expect(body.rerank).toBeUndefined();
  });
});

describe("searchIn", () => {
  it("leaves a search alone whose collections are all there", () =>
    expect(searchIn(FULL, { there: ["a", "b"], gone: [] })).toBe(FULL));
  it("searches those that are there", () =>
    expect(searchIn(FULL, { there: ["b"], gone: ["a"] })).toEqual({ ...FULL, collections: ["b"] }));
  it("never searches all in place of those that are gone", () =>
    expect(searchIn(FULL, { there: [], gone: ["a", "b"] })).toBeNull());
});

it("counts the options that were changed", () => {
  expect(changedOptions(EMPTY_SEARCH)).toBe(0);
  expect(changedOptions(FULL)).toBe(5);
  expect(changedOptions({ ...FULL, lanes: "hybrid" })).toBe(8);
});
