"""What is asked over the control plane, read and checked, and what is answered."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from inference.errors import InvalidInput
from inference.models.common import Fault

Body = TypeVar("Body", bound=BaseModel)


async def read_object(request: web.Request) -> dict[str, Any]:
    """Raises InvalidInput."""
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise InvalidInput("The body must be a JSON object.")
    return cast("dict[str, Any]", body)


async def read_typed(request: web.Request, kind: type[Body]) -> Body:
    """Raises InvalidInput with every fault."""
    try:
        return kind.model_validate(await read_object(request))
    except ValidationError as error:
        found = [Fault(path=".".join(map(str, fault["loc"])), message=fault["msg"]) for fault in error.errors()]
        raise InvalidInput(f"{found[0].path}: {found[0].message}", field=found[0].path, faults=found) from None


async def read_name(request: web.Request, field: str, longest: int) -> str:
    """The body's one field, a text. Raises InvalidInput."""
    value = (await read_object(request)).get(field)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise InvalidInput(f"{field!r} must be a text of 1 to {longest} characters.", field=field)
    return value


def answer(body: bytes) -> web.Response:
    """JSON."""
    return web.Response(body=body, content_type="application/json")


def answer_typed(value: BaseModel) -> web.Response:
    return answer(value.model_dump_json().encode())
