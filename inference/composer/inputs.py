"""Values from outside, checked against the JSON Schemas that toolchains declare for them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing.jsonschema import EMPTY_REGISTRY

from inference.errors import InvalidInput
from inference.json_values import as_object


def checked(schema: dict[str, Any], value: Any, field: str) -> Any:
    """The value, if it fits the schema. Raises InvalidInput naming where it does not, from `field` on."""
    validator = _validator(json.dumps(schema))
    try:
        fault = next(validator.iter_errors(value), None)
    except Exception as error:  # a reference that leads nowhere, or in circles: jsonschema has no common error for them
        raise InvalidInput(f"The schema of {field} cannot be applied: {str(error)[:300]}", field=field) from error
    if fault:
        where = ".".join([field, *(str(part) for part in fault.absolute_path)])
        raise InvalidInput(f"{where}: {fault.message[:300]}", field=where)
    return value


@lru_cache(maxsize=512)
def _validator(schema: str) -> Any:
    # The registry is empty: with the default one a `$ref` to an address would be fetched.
    return Draft202012Validator(json.loads(schema), registry=EMPTY_REGISTRY)


def checked_input(schema: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """A run's input with the schema's defaults for what is left out. Raises InvalidInput naming the field."""
    properties = as_object(schema.get("properties"))
    # A field may also have the schema `true`.
    defaults = {name: field["default"] for name, field in properties.items() if "default" in as_object(field)}
    whole = defaults | given
    return checked(schema, whole, "input")
