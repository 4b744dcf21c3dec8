"""What was asked, parsed no further than it must be: the names of the body's fields, and the few that route it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import orjson

from inference.errors import InvalidInput
from inference.json_values import is_object
from inference.server.problems import MalformedRequest

Fields: TypeAlias = dict[str, msgspec.Raw]

_fields = msgspec.json.Decoder(Fields)
_text = msgspec.json.Decoder(str)
_number = msgspec.json.Decoder(int | None)
_encoder = msgspec.json.Encoder()


class _StreamOptions(msgspec.Struct):
    include_usage: bool | None = None


_options = msgspec.json.Decoder(_StreamOptions | None)

LONGEST_NAME = 200  # as ModelReference in schemas/models.yaml
_TRUE = msgspec.Raw(b"true")
_LIMITS = ("max_completion_tokens", "max_tokens", "max_output_tokens")


@dataclass(slots=True)
class Asked:
    """A request's body. `fields` hold the bytes of each value, as they came."""

    body: bytes
    fields: Fields
    model: str
    stream: bool
    wants_usage: bool

    @property
    def most_tokens(self) -> int:
        """What it may cost, roughly: a token for four bytes that came, and those that it lets the model write."""
        limit = next((read for name in _LIMITS if (read := _read_number(self.fields.get(name)))), 0)
        return len(self.body) // 4 + limit

    def whole(self) -> dict[str, Any]:
        """All of it as Python's objects. Raises MalformedRequest."""
        try:
            parsed = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise MalformedRequest(f"The body is not JSON: {error}.") from None
        return parsed if is_object(parsed) else {}


def read_asked(body: bytes) -> Asked:
    """Raises MalformedRequest, and InvalidInput where there is no model."""
    try:
        fields = _fields.decode(body)
    except msgspec.ValidationError:
        raise MalformedRequest("The body must be a JSON object.") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise MalformedRequest(f"The body is not JSON: {error}.") from None
    try:
        model = _text.decode(fields["model"])
    except (KeyError, msgspec.DecodeError):
        model = ""
    # The name is written into headers, logs and the database.
    if not model or len(model) > LONGEST_NAME or not model.isprintable():
        raise InvalidInput(
            f"Name a model, in up to {LONGEST_NAME} printable characters: GET /v1/models lists them.", field="model"
        )
    stream = fields.get("stream")
    streams = stream is not None and bytes(stream) == b"true"
    return Asked(body, fields, model, streams, streams and _includes_usage(fields.get("stream_options")))


def outgoing(asked: Asked, model: str, defaults: Fields, *, add_usage: bool) -> bytes:
    """The body for an upstream: its name of the model, the defaults of what was left out, and, with `add_usage`, the
    wish to be told the usage of a stream. What else was asked goes on byte by byte."""
    if model == asked.model and not defaults and not add_usage:
        return asked.body
    fields = defaults | asked.fields
    fields["model"] = msgspec.Raw(_encoder.encode(model))
    if add_usage:
        given = fields.get("stream_options")
        options = _fields.decode(given) if given is not None and bytes(given).startswith(b"{") else {}
        options["include_usage"] = _TRUE
        fields["stream_options"] = msgspec.Raw(_encoder.encode(options))
    return _encoder.encode(fields)


def encoded(values: Mapping[str, Any]) -> Fields:
    """Values as the bytes of their JSON."""
    return {name: msgspec.Raw(orjson.dumps(value)) for name, value in values.items()}


def encoded_asked(asked: Asked, chat: dict[str, Any]) -> Asked:
    """The chat completion that another format's request was translated to."""
    fields = encoded(chat | {"model": asked.model})
    if asked.stream:
        fields["stream"] = _TRUE
    return Asked(_encoder.encode(fields), fields, asked.model, asked.stream, wants_usage=False)


def _includes_usage(options: msgspec.Raw | None) -> bool:
    if options is None:
        return False
    try:
        read = _options.decode(options)
    except msgspec.DecodeError:
        return False
    return read is not None and read.include_usage is True


def _read_number(value: msgspec.Raw | None) -> int:
    if value is None:
        return 0
    try:
        return max(_number.decode(value) or 0, 0)
    except msgspec.DecodeError:
        return 0
