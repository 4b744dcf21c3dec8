"""Request bodies, read with limits."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from typing import Any

import orjson
from starlette.requests import Request
from starlette.types import Message, Receive

from inference.errors import InvalidInput, TooLarge
from inference.json_values import is_array, is_object
from inference.server.problems import MalformedRequest

# A body that is refused for its length is still read so far, so that the client hears why instead of a broken pipe.
_DRAIN = 512 * 1024 * 1024
# orjson writes 254 levels; answers and events put what was given a few levels deeper.
_DEEPEST, _ROOM = 240, 14


async def read_body(headers: dict[bytes, bytes], receive: Receive, limit: int) -> bytes:
    """The whole body. Raises TooLarge past `limit` bytes."""
    parts = [part async for part in body_parts(headers, receive, limit)]
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def body_parts(
    headers: dict[bytes, bytes], receive: Receive, limit: int, slack: int = 0
) -> AsyncGenerator[bytes]:
    """The body as it comes. Raises TooLarge past `limit` bytes and the `slack` that a form has around its file,
    MalformedRequest when the client goes away."""
    length = headers.get(b"content-length", b"")
    told = int(length) if length.isdigit() else 0
    size = 0
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedRequest("The connection ended before the body did.")
        part: bytes = message.get("body", b"")
        size += len(part)
        more: bool = message.get("more_body", False)
        if max(size, told) > limit + slack:
            if more and size < _DRAIN and told < _DRAIN:
                continue
            raise TooLarge(f"The body is larger than {limit >> 20} MiB, the most that is taken here.")
        if part:
            yield part
        if not more:
            return


async def read_json_object(request: Request, limit: int) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty object. Raises InvalidInput for text that cannot be kept."""
    return _object(await read_json(request, limit))


async def read_json(request: Request, limit: int) -> Any:
    """The body as JSON; an empty body is an empty object. Raises InvalidInput for text that cannot be kept."""
    return _kept(await read_body(dict(request.scope["headers"]), request.receive, limit))


def parse_kept_object(body: bytes) -> dict[str, Any]:
    """A JSON object that can be kept. Raises MalformedRequest, and InvalidInput for text that cannot."""
    return _object(_kept(body))


def _kept(body: bytes) -> Any:
    parsed = _parse(body)
    if b"\\u0000" in body:
        refuse_nul(parsed if is_object(parsed) else {"body": parsed})
    return parsed


def _object(parsed: Any) -> dict[str, Any]:
    if not is_object(parsed):
        raise MalformedRequest("The body must be a JSON object.")
    return parsed


def _parse(body: bytes) -> Any:
    if not body.strip():
        return {}
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedRequest(f"The body is not JSON: {error}.") from None
    if body.count(b"{") + body.count(b"[") > _DEEPEST:
        _check_depth(parsed, "The body")
    return parsed


def parse_field(text: str, field: str) -> dict[str, Any]:
    """A form's field that is a JSON object; an empty one is an empty object. Raises InvalidInput that names it."""
    try:
        parsed = orjson.loads(text or "{}")
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"{field} is not JSON: {error}.", field=field) from None
    if not is_object(parsed):
        raise InvalidInput(f"{field} must be a JSON object, in braces.", field=field)
    _check_depth(parsed, field, field)
    return parsed


def _check_depth(parsed: Any, name: str, field: str | None = None) -> None:
    nested: Any = parsed
    for _ in range(_ROOM):
        nested = [nested]
    try:
        orjson.dumps(nested)
    except orjson.JSONEncodeError:
        raise MalformedRequest(f"{name} nests deeper than {_DEEPEST} levels.", field=field) from None


def refuse_nul(given: dict[str, Any]) -> None:
    """Raises InvalidInput that names the field with the character NUL, which PostgreSQL's text cannot hold."""
    for path, value in _values(given):
        if (isinstance(value, str) and "\0" in value) or "\0" in path[-1]:
            field = ".".join(path).replace("\0", "")
            raise InvalidInput(f"{field}: the character NUL (U+0000) is not taken. Leave it out.", field=field)


def _values(given: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Everything in it with its path."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), given)]
    while waiting:
        path, value = waiting.pop()
        if is_object(value):
            inside = [((*path, key), item) for key, item in value.items()]
        elif is_array(value):
            inside = [((*path, str(index)), item) for index, item in enumerate(value)]
        else:
            continue
        yield from inside
        waiting += inside
