"""Answers that must fit a JSON Schema: how the model is told, and whether what it wrote fits. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from referencing.jsonschema import EMPTY_REGISTRY

from inference.errors import InvalidInput

_FENCE = re.compile(r"```[A-Za-z]*[ \t]*\r?\n(.*?)```", re.DOTALL)
_MOST_FENCES = 20
# Enough for a model to mend its answer; more of the same kind would not help.
_MOST_FAULTS = 5
_LONGEST_FAULT = 300
# What of an answer is sent back to be mended.
_SENT_BACK = 32_000


@dataclass(frozen=True, slots=True)
class Fitted:
    """What an answer says, or the faults for which it does not fit, the first of them first."""

    data: Any = None
    faults: list[str] = field(default_factory=list[str])


def response_format(schema: dict[str, Any]) -> dict[str, Any]:
    """OpenAI's `response_format`. Not strict: strict engines take a small part of JSON Schema only."""
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": False}}


def with_schema(messages: list[dict[str, Any]], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages with the schema said in the system message, of which many models take one only, at the beginning."""
    said = (
        "Answer with one JSON value that fits this JSON Schema, and with nothing around it:\n"
        f"{orjson.dumps(schema).decode()}"
    )
    first = messages[0] if messages else {}
    if first.get("role") == "system" and isinstance(first.get("content"), str):
        return [first | {"content": f"{first['content']}\n\n{said}"}, *messages[1:]]
    return [{"role": "system", "content": said}, *messages]


def fit(text: str, schema: dict[str, Any]) -> Fitted:
    """What the text says, as it stands, in a fence, or between its outermost brackets. Raises InvalidInput when the
    schema itself cannot be applied."""
    first: Fitted | None = None
    for candidate in _candidates(text):
        try:
            data = orjson.loads(candidate)
        except orjson.JSONDecodeError:
            continue
        found = Fitted(data, _faults(data, schema))
        if not found.faults:
            return found
        first = first or found
    return first or Fitted(None, ["it is not JSON" if text.strip() else "it is empty"])


def mending(text: str, faults: list[str]) -> list[dict[str, Any]]:
    """The messages that send an answer back with what is wrong."""
    whole = text if len(text) <= _SENT_BACK else f"{text[:_SENT_BACK]}… (cut: {len(text):,} characters)"
    wrong = "\n".join(f"- {fault}" for fault in faults)
    return [
        {"role": "assistant", "content": whole},
        {"role": "user", "content": f"That does not fit the JSON Schema:\n{wrong}\nAnswer again with the JSON alone."},
    ]


def unfit(faults: list[str], repairs: int) -> InvalidInput:
    """The error of a model that never gave an answer that fits."""
    tries = f"in {repairs + 1} tries" if repairs else "at once, and repairs is 0"
    return InvalidInput(
        f"The model did not give an answer that fits the schema {tries}: {faults[0]}. "
        "Raise repairs, make the schema simpler, or take another model.",
        field="answer_schema",
    )


def _candidates(text: str) -> Iterator[str]:
    yield text
    yield from (fence[1] for fence in islice(_FENCE.finditer(text), _MOST_FENCES))
    for opening, closing in ("{}", "[]"):
        begin, end = text.find(opening), text.rfind(closing)
        if 0 <= begin < end:
            yield text[begin : end + 1]


def _faults(data: Any, schema: dict[str, Any]) -> list[str]:
    # The registry is empty: with the default one a `$ref` to an address would be fetched.
    validator: Any = Draft202012Validator(schema, registry=EMPTY_REGISTRY)
    faults: list[str] = []
    try:
        for fault in validator.iter_errors(data):
            where = ".".join(str(part) for part in fault.absolute_path) or "the answer"
            faults.append(f"{where}: {fault.message[:_LONGEST_FAULT]}")
            if len(faults) == _MOST_FAULTS:
                break
    except RecursionError:
        return ["it is nested too deeply"]
    except (
        Exception
    ) as error:  # a reference that leads nowhere, an unknown type: jsonschema has no common error for them
        raise InvalidInput(
            f"The schema of answer_schema cannot be applied: {str(error)[:_LONGEST_FAULT]}", field="answer_schema"
        ) from error
    return faults
