import { expect, it } from "vitest";
import { curlSnippet, modelName, pythonSnippet, reachedAt, typescriptSnippet, webhookSnippet } from "./snippets";

it("names a toolchain as a model", () => {
  expect(modelName("rag", null)).toBe("toolchain/rag");
  expect(modelName("my-chain", 3)).toBe("toolchain/my-chain@3");
});

it.each([curlSnippet, pythonSnippet, typescriptSnippet])("asks the model at the address (%#)", (snippet) => {
  const text = snippet("https://lake.example", "toolchain/t@2");
  expect(text).toContain("https://lake.example/v1");
  expect(text).toContain('"toolchain/t@2"');
});

it("calls a webhook", () =>
  expect(webhookSnippet("https://lake.example", "/api/hooks/1")).toContain("curl https://lake.example/api/hooks/1 "));

it("puts the address in place by which the server was reached", () => {
  expect(reachedAt("https://a.example", "curl http://127.0.0.1:8000/api/x")).toBe("curl https://a.example/api/x");
  expect(reachedAt("https://$&.example", "http://127.0.0.1:1")).toBe("https://$&.example");
});
