import { expect, it } from "vitest";
import { onlyExcludes } from "./exclusions";

it.each([
  "-pump",
  ' -pump  -"relief valve"~2^3 ',
  "-md.author:smith -headings:pump",
  "-помпа",
  '-document_name:"a b"',
  "- -pump ?",
])("knows that %j only leaves out", (query) => expect(onlyExcludes(query)).toBe(true));

it.each(["", "-", "pump", "pump -valve", '-pump "relief valve"', "-pump md.author:smith", "re-entry", '"-pump"'])(
  "does not say so of %j",
  (query) => expect(onlyExcludes(query)).toBe(false),
);
