"""What a webhook's toolchain is given of a body."""

from __future__ import annotations

from typing import Any

import pytest

from inference.composer.webhooks import input_of
from inference.errors import InvalidInput


def taking(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"input": {"type": "object", "required": required, "properties": properties, "additionalProperties": False}}


WORD = taking(["word"], word={"type": "string"})
BODY = taking(["body"], body={})
BOTH = taking([], word={"type": "string"}, body={"type": ["object", "array"]})


@pytest.mark.parametrize(
    ("definition", "body", "given"),
    [
        (WORD, {"word": "a"}, {"word": "a"}),
        (WORD, {"other": 1}, {"other": 1}),  # does not fit, and the run's start says why
        (BODY, {"word": "a"}, {"body": {"word": "a"}}),
        (BODY, {"body": 1}, {"body": 1}),
        (BODY, [1], {"body": [1]}),
        (BODY, None, {"body": None}),
        (BOTH, {"word": "a"}, {"word": "a"}),
        (BOTH, {"word": 1}, {"body": {"word": 1}}),
        ({}, {"any": 1}, {"any": 1}),
        (
            {"input": {"type": "object", "properties": {"body": {"$ref": "#/nowhere"}}}},
            {"body": 1},
            {"body": {"body": 1}},
        ),
    ],
)
def test_the_input(definition: dict[str, Any], body: Any, given: dict[str, Any]) -> None:
    assert input_of(definition, body) == given


@pytest.mark.parametrize("body", [[], 1, "x", None])
def test_no_object_and_no_place_for_it(body: Any) -> None:
    with pytest.raises(InvalidInput, match="must be a JSON object"):
        input_of(WORD, body)
