import { expect, it } from "vitest";
import { addressOf, readAddresses } from "./addresses";

it("reads addresses, each once, and tells what is none", () =>
  expect(readAddresses("https://a.org/x.pdf\n\n a.org/y  https://a.org/x.pdf\nfile:///etc/passwd nonsense")).toEqual({
    urls: ["https://a.org/x.pdf", "https://a.org/y"],
    refused: ["file:///etc/passwd", "nonsense"],
  }));

it.each([
  ["example.org", "https://example.org/"],
  ["http://example.org:8080/a?b#c", "http://example.org:8080/a?b#c"],
  ["example.org:8080/a", "https://example.org:8080/a"],
  ["localhost:8000", "https://localhost:8000/"],
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["ftp://example.org", null],
  ["https://", null],
  ["word", null],
])("takes %s for %s", (text, url) => expect(addressOf(text)).toBe(url));
