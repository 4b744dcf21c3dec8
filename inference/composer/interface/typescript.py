"""A client in TypeScript: text made from shapes. What a toolchain's author wrote enters it as literals only. Pure."""

from __future__ import annotations

import json
from typing import Any

from inference.composer.interface.shapes import ListOf, Literals, Named, Plain, Record, Type, Union

_WORDS = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
    "any": "unknown",
    "object": "Record<string, unknown>",
}

_RUN = """
interface Told {
  type: string;
  message: string;
}

/** The run did not complete: `status` says what became of it, `message` why, as the server tells it. */
export class RunFailed extends Error {
  readonly status: string;
  readonly type: string;
  constructor(status: string, error: Told | null) {
    super(error?.message ?? `the run is ${status}`);
    this.status = status;
    this.type = error?.type ?? "";
  }
}

export interface Options {
  apiKey: string;
  baseUrl?: string;
  signal?: AbortSignal;
}

type Answer =
  | { success: true; result: { status: string; output: unknown; error: Told | null } }
  | { success: false; error: Told };

/** Runs the toolchain and waits for its output. Throws RunFailed, or what `fetch` throws when nobody answers. */
export async function run(input: Input, { apiKey, baseUrl = BASE_URL, signal }: Options): Promise<Output> {
  const response = await fetch(`${baseUrl}/api/run_toolchain`, {
    method: "POST",
    headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
    body: JSON.stringify({ ...CALL, input, wait: true }),
    signal: signal ?? null,
  });
  const answer = (await response.json()) as Answer;
  if (!answer.success) throw new RunFailed("refused", answer.error);
  const { status, output, error } = answer.result;
  if (status !== "completed") throw new RunFailed(status, error);
  return output as Output;
}
"""


def typescript_client(title: str, records: list[Record], call: dict[str, Any], address: str) -> str:
    """A module with an interface for each record and the function `run`. `call`: what is sent besides the input."""
    types = "\n".join(_record(record) for record in records)
    return (
        f"export const TITLE = {json.dumps(title)};\nconst BASE_URL = {json.dumps(address)};\n"
        f"const CALL = {json.dumps(call)};\n\n{types}{_RUN}"
    )


def _record(record: Record) -> str:
    fields = "".join(
        f"  {json.dumps(field.name)}{'' if field.required else '?'}: {_type(field.type)};\n" for field in record.fields
    )
    return f"export interface {record.name} {{\n{fields}}}\n"


def _type(kind: Type) -> str:
    match kind:
        case Plain(word):
            return _WORDS[word]
        case Literals(values):
            return " | ".join(json.dumps(value) for value in values)
        case ListOf(of):
            return f"Array<{_type(of)}>"
        case Union(of):
            return " | ".join(map(_type, of))
        case Named(name):
            return name
