import { expect, it } from "vitest";
import { faultOfFile, foremost, nextToSend, overallProgress, pendingUploads, type Upload } from "./uploads";

let id = 0;
const upload = (fields: Partial<Upload>): Upload => ({
  id: ++id,
  collectionId: "c",
  name: "a.pdf",
  size: 10,
  phase: "waiting",
  progress: 0,
  documentId: null,
  replaces: null,
  error: null,
  ...fields,
});

it("starts as many as there is room for, first come first served", () => {
  const uploads = [upload({ phase: "sending" }), upload({ phase: "failed" }), upload({}), upload({}), upload({})];
  expect(nextToSend(uploads, 3)).toEqual([uploads[2], uploads[3]]);
  expect(nextToSend(uploads, 1)).toEqual([]);
});

it("shows an upload until its document is listed", () => {
  const uploads = [
    upload({ phase: "sent", documentId: "d1" }),
    upload({ phase: "sent", documentId: "d2" }),
    upload({}),
    upload({ collectionId: "other" }),
  ];
  expect(pendingUploads(uploads, "c", new Set(["d1"]))).toEqual([uploads[1], uploads[2]]);
});

it("shows first what needs an eye", () => {
  const uploads = [upload({}), upload({ phase: "sending" }), upload({}), upload({ phase: "failed" })];
  expect(foremost(uploads, 3)).toEqual({ shown: [uploads[3], uploads[1], uploads[0]], hidden: 1 });
  expect(foremost([], 3)).toEqual({ shown: [], hidden: 0 });
});

it("sums the progress by size", () => {
  expect(overallProgress([upload({ phase: "sent" })])).toBeNull();
  expect(overallProgress([upload({ size: 30, phase: "sending", progress: 0.5 }), upload({ size: 10 })])).toBeCloseTo(
    0.375,
  );
});

it("refuses an empty file before it is sent", () => {
  expect(faultOfFile({ name: "a.pdf", size: 0 })).toContain("empty");
  expect(faultOfFile({ name: "a".repeat(256), size: 1 })).toContain("long");
  expect(faultOfFile({ name: "a.pdf", size: 1 })).toBeNull();
});
