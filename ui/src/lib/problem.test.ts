import { expect, it } from "vitest";
import { readProblem } from "./problem";

it("reads the form of /api with its field", () => {
  const body =
    '{"success":false,"error":{"type":"InvalidInput","message":"Too short.","field":"password","request_id":"r"}}';
  expect(readProblem(422, body)).toMatchObject({ type: "InvalidInput", message: "Too short.", field: "password" });
});

it("reads the form of /v1", () => {
  const body = '{"error":{"message":"No such model.","type":"not_found_error","param":"model","code":null}}';
  expect(readProblem(404, body)).toMatchObject({ type: "not_found_error", message: "No such model." });
});

it.each(["", "<html>Bad gateway</html>", "null", '{"error":"x"}', "[1]"])("has words for a body like %j", (body) => {
  expect(readProblem(503, body).message).toContain("not ready");
  expect(readProblem(418, body).message).toContain("418");
});
