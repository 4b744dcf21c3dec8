import { describe, expect, it } from "vitest";
import type { Document } from "@/models";
import {
  hasFailed,
  isReadable,
  isUnderWay,
  pollDelay,
  searchableInWords,
  standingFrom,
  standingOf,
  stepsOf,
  type Work,
  withStatus,
  workInWords,
  workOf,
} from "./ingestion";

function document(fields: Partial<Document>): Document {
  const file = {
    name: "a.pdf",
    content_type: "application/pdf",
    size: 1,
    sha256: "",
    created_at: "2026-01-01T00:00:00Z",
  };
  const state = { status: "complete", progress: 1, page_count: 1, chunk_count: 1, metadata: {} } as const;
  return { id: "d", collection_id: "c", ...file, ...state, ...fields };
}

const DONE = document({ searchable_by: ["words", "meaning"] });
const READING = document({ status: "indexing", stage: "parsing", progress: 0.2 });
const EMBEDDING = document({ status: "indexing", stage: "embedding", progress: 0.6, searchable_by: ["words"] });
const CUT = document({ status: "indexing", stage: null, progress: 0.12, searchable_by: ["words"] });
const BROKEN = document({ status: "failed", progress: 0, error: "It is encrypted." });
const NEWER = document({ update: { status: "indexing", stage: "chunking", progress: 0.5, run_id: "r" } });
const NEWER_BROKEN = document({ update: { status: "failed", progress: 0.5 }, warnings: ["2 pages are empty."] });

describe("workOf", () => {
  it("is nothing for what is done", () => expect(workOf(DONE)).toBeNull());
  it("is the first ingestion", () =>
    expect(workOf(READING)).toMatchObject({ status: "indexing", stage: "parsing", updating: false }));
  it("is a newer content on its way", () => expect(workOf(NEWER)).toMatchObject({ runId: "r", updating: true }));
  it("always has words for a failure", () => {
    expect(workOf(BROKEN)?.error).toBe("It is encrypted.");
    expect(workOf(NEWER_BROKEN)?.error).toBe("It could not be read.");
  });
});

it("knows what is under way, failed and readable", () => {
  const all = [DONE, READING, EMBEDDING, BROKEN, NEWER, NEWER_BROKEN];
  expect(all.map(isUnderWay)).toEqual([false, true, true, false, true, false]);
  expect(all.map(hasFailed)).toEqual([false, false, false, true, false, true]);
  expect(all.map(isReadable)).toEqual([true, false, true, false, true, true]);
  expect(isReadable(document({ page_count: 0 }))).toBe(false);
  expect(standingOf(all).counts).toEqual({ all: 6, underway: 3, complete: 3, failed: 2, warnings: 1 });
  expect(withStatus(all, "failed")).toEqual([BROKEN, NEWER_BROKEN]);
});

it("shows the stages", () => {
  const states = (of: Document) => stepsOf(workOf(of) as Work).map(({ state }) => state);
  expect(states(EMBEDDING)).toEqual(["done", "done", "done", "current", "waiting"]);
  expect(states(document({ status: "pending", progress: 0 }))).toEqual(Array(5).fill("waiting"));
  expect(states(CUT)).toEqual(["done", "done", "done", "waiting", "waiting"]);
  expect(states(document({ status: "indexing", stage: "parsing page 3 of 9" }))[0]).toBe("current");
});

describe("in words", () => {
  const words = (of: Document) => workInWords(workOf(of) as NonNullable<ReturnType<typeof workOf>>);
  it("the work", () => {
    expect(words(READING)).toBe("Reading 20 %");
    expect(words(document({ status: "indexing", stage: "unpacking", progress: 0 }))).toBe("Unpacking 0 %");
    expect(words(document({ status: "indexing", progress: 0 }))).toBe("Working 0 %");
    expect(words(EMBEDDING)).toBe("Embedding 60 %");
    expect(words(CUT)).toBe("Waiting");
    expect(words(BROKEN)).toBe("Failed");
  });
  it("what it is found by", () => {
    expect(searchableInWords(READING)).toBe("Not searchable yet");
    expect(searchableInWords(EMBEDDING)).toBe("Searchable by words");
    expect(searchableInWords(DONE)).toBe("Searchable by words and meaning");
  });
});

it("sums up the progress of what is under way", () => {
  expect(standingOf([DONE, BROKEN]).progress).toBeNull();
  expect(standingOf([DONE, READING, EMBEDDING]).progress).toBeCloseTo(0.4);
});

describe("the standing of a collection of which only some documents are at hand", () => {
  const counted = { documents: 1401, underway: 300, complete: 1099, failed: 2, warnings: 7, progress: 0.25 };
  it("is what the server counted", () =>
    expect(standingFrom(counted)).toEqual({
      counts: { all: 1401, underway: 300, complete: 1099, failed: 2, warnings: 7 },
      progress: 0.25,
    }));
  it("has no progress while none is under way", () =>
    expect(standingFrom({ ...counted, underway: 0, progress: null }).progress).toBeNull());
});

describe("pollDelay", () => {
  it("is short while something moves", () => expect(pollDelay({ busy: true, pages: 1, still: 0 })).toBe(1_000));
  it("grows while nothing moves", () => {
    expect(pollDelay({ busy: true, pages: 1, still: 8_000 })).toBe(3_000);
    expect(pollDelay({ busy: true, pages: 1, still: 1e9 })).toBe(10_000);
  });
  it("is rare when there is nothing to do, and for long lists", () => {
    expect(pollDelay({ busy: false, pages: 1, still: 0 })).toBe(20_000);
    expect(pollDelay({ busy: true, pages: 5, still: 0 })).toBe(5_000);
    expect(pollDelay({ busy: false, pages: 100, still: 0 })).toBe(120_000);
  });
});
