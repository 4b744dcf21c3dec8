import { expect, test } from "vitest";
import { forgetLocally, keepLocally, type LocalDraft, localDrafts, offersOf } from "./localDrafts";

class Kept {
  private readonly held = new Map<string, string>();
  constructor(private readonly most = Infinity) {}
  get length() {
    return this.held.size;
  }
  key(index: number) {
    return [...this.held.keys()][index] ?? null;
  }
  getItem(key: string) {
    return this.held.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    if (value.length > this.most) throw new DOMException("full", "QuotaExceededError");
    this.held.set(key, value);
  }
  removeItem(key: string) {
    this.held.delete(key);
  }
}

const draft = (draftId: string, parts: Partial<LocalDraft> = {}): LocalDraft => ({
  draftId,
  toolchainId: "t",
  baseVersion: 3,
  revision: 1,
  writtenAt: "2026-01-01T10:00:00Z",
  toolchain: { id: "t", title: "T", nodes: [], edges: [] },
  ...parts,
});

test("drafts are found again, by user and toolchain, the newest first", () => {
  const store = new Kept();
  keepLocally(store, "ann", draft("1"));
  keepLocally(store, "ann", draft("2", { writtenAt: "2026-01-01T11:00:00Z" }));
  keepLocally(store, "ann", draft("3", { toolchainId: null }));
  keepLocally(store, "bob", draft("4"));
  store.setItem("penstock.draft.ann.5", "{broken");
  store.setItem("penstock.draft.ann.6", '{"draftId": 6}');
  expect(localDrafts(store, "ann", "t").map(({ draftId }) => draftId)).toEqual(["2", "1"]);
  expect(localDrafts(store, "ann", null).map(({ draftId }) => draftId)).toEqual(["3"]);
  forgetLocally(store, "ann", "2");
  expect(localDrafts(store, "ann", "t").map(({ draftId }) => draftId)).toEqual(["1"]);
});

test("a browser without room is no reason to stop", () => {
  expect(keepLocally(new Kept(10), "ann", draft("1"))).toBe(false);
});

const stored = (draft_id: string, revision: number, updated_at: string) => ({
  ...{ draft_id, revision, updated_at, base_version: 3 },
});

test("each draft is offered once, unless browser and server differ", () => {
  const local = [
    draft("1", { revision: 2 }),
    draft("2", { revision: 1, writtenAt: "2026-01-01T12:00:00Z" }),
    draft("own"),
  ];
  const there = [
    stored("1", 2, "2026-01-01T09:00:00Z"),
    stored("2", 5, "2026-01-01T13:00:00Z"),
    stored("9", 1, "2026-01-01T08:00:00Z"),
  ];
  const offers = offersOf(local, there, "own").map(({ draftId, toolchain, behind }) => [
    draftId,
    toolchain !== null,
    behind,
  ]);
  expect(offers).toEqual([
    ["2", false, false],
    ["2", true, true],
    ["1", true, false],
    ["9", false, false],
  ]);
});
