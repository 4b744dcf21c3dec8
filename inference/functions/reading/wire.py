"""What the reading process tells its parent: frames of a kind, a length and a payload, over a pipe."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from inference.functions.reading.document import ReadDocument
from inference.functions.reading.limits import Limits

HEADER = struct.Struct(">cI")
PROGRESS, RECOGNITION, DOCUMENT, FAILURE = b"p", b"r", b"d", b"f"
"""RECOGNITION has no payload: the text of a picture is about to be recognised, which takes its own time."""
PAGES = struct.Struct(">II")
"""The payload of PROGRESS: pages read, pages there are."""

ORDER_VARIABLE = "PENSTOCK_READING"
"""Environment variable with the order: every user of the machine can see a command line."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read from standard input."""

    name: str
    content_type: str | None
    limits: Limits
    parent: int
    """Process id of who asks: nobody else waits for the answer."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no document; `trace` when the reader did not expect it."""

    error: Literal["UnreadableDocument", "TooLarge"]
    message: str
    trace: str = ""


orders = TypeAdapter(Order)
failures = TypeAdapter(Failure)
documents = TypeAdapter(ReadDocument)


def frame(kind: bytes, payload: bytes) -> bytes:
    """A frame as it goes over the pipe."""
    return HEADER.pack(kind, len(payload)) + payload
