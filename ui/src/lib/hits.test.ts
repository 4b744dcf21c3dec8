import { describe, expect, it } from "vitest";
import type { LaneExplanation, SearchHit } from "@/models";
import { byDocument, lanesOf, pagesInWords, queryFacts, scoreInWords, stageInWords, stagesOf, termsOf } from "./hits";

function hit(document_id: string, score: number): SearchHit {
  const place = { collection_id: "c", page: 1, page_end: 1, start: 0, end: 1 };
  const rest = { text: "x", headings: [], metadata: {}, chunk_id: `${document_id} ${score}` };
  return { document_id, document_name: document_id, score, ...place, ...rest };
}

it("says the pages", () => {
  expect(pagesInWords({ page: 3, page_end: 3 })).toBe("page 3");
  expect(pagesInWords({ page: 3, page_end: 4 })).toBe("pages 3–4");
});

it("keeps the rank of hits that it puts together", () => {
  const groups = byDocument([hit("a", 3), hit("b", 2), hit("a", 1)]);
  expect(groups.map(({ name, hits }) => [name, hits.map(({ rank }) => rank)])).toEqual([
    ["a", [1, 3]],
    ["b", [2]],
  ]);
});

describe("lanesOf", () => {
  const lane = (model?: string): LaneExplanation => ({
    path: "exact",
    candidates: 1,
    ms: 1,
    details: model === undefined ? {} : { model },
  });
  const names = (lanes: Record<string, LaneExplanation>) => lanesOf({ lanes }).map(({ name }) => name);
  it("calls words and meaning so", () =>
    expect(names({ bm25: lane(), dense: lane("small") })).toEqual(["Words", "Meaning"]));
  it("names several lanes by meaning after their models", () =>
    expect(names({ bm25: lane(), dense: lane("small"), "dense:exact": lane("exact") })).toEqual([
      "Words",
      "Meaning by small",
      "Meaning by exact",
    ]));
});

it.each([
  [12.3456, "12.3"],
  [0.51234, "0.512"],
  [0, "0.00"],
  [1234.5, "1235"],
  [0.0000123, "1.2e-5"],
  [null, "–"],
  [undefined, "–"],
])("writes the score %s", (score, words) => expect(scoreInWords(score)).toBe(words));

it.each([
  [0, "0 ms"],
  [0.042, "0.04 ms"],
  [3.44, "3.4 ms"],
  [27.4, "27 ms"],
])("writes the time %s", (ms, words) => expect(stageInWords(ms)).toBe(words));

describe("explanations", () => {
  it("order terms by what they gave", () =>
    expect(termsOf({ terms: { surg: 1.5, hammer: 3, water: 0 } })).toEqual([
      { term: "hammer", score: 3, share: 1 },
      { term: "surg", score: 1.5, share: 0.5 },
      { term: "water", score: 0, share: 0 },
    ]));
  it("bear no terms", () => {
    expect(termsOf({})).toEqual([]);
    expect(termsOf({ terms: { a: 0 } })).toEqual([{ term: "a", score: 0, share: 0 }]);
  });
  it("tell the query as it was understood", () =>
    expect(
      queryFacts({
        query: {
          terms: ["surg", "tank"],
          phrases: [{ words: ["water", "hammer"], slop: 2 }],
          excluded_terms: [],
          required: null,
          text: "surge",
        },
      }),
    ).toEqual([
      { name: "terms", values: ["surg", "tank"] },
      { name: "phrases", values: ["words water hammer, slop 2"] },
      { name: "text", values: ["surge"] },
    ]));
  it("share out the time", () => {
    expect(stagesOf({ stages_ms: { embed: 6, fuse: 2 } })).toEqual({
      total: 8,
      stages: [
        { stage: "embed", ms: 6, share: 0.75 },
        { stage: "fuse", ms: 2, share: 0.25 },
      ],
    });
    expect(stagesOf({ stages_ms: {} }).total).toBe(0);
  });
});
