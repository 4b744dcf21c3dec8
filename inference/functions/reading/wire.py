"""What a reading process is told and tells: an order, and frames of a kind, a length and a payload, over a socket."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from inference.functions.reading.document import ReadDocument
from inference.functions.reading.limits import ArchiveLimits, Limits
from inference.functions.reading.members import Expansion, Member

HEADER = struct.Struct(">cI")
RESULT, FAILURE = b"d", b"f"
"""The last frame of any work."""
PROGRESS, RECOGNITION = b"p", b"r"
"""Of a reading. RECOGNITION has no payload: the text of a picture is about to be recognised, in a time of its own."""
MEMBER, CHUNK, MEMBER_END = b"m", b"c", b"e"
"""Of an expansion: a Member, then its bytes, then an empty frame."""
PAGES = struct.Struct(">II")
"""The payload of PROGRESS: pages read, pages there are."""

LENGTH = struct.Struct(">I")
"""Before an order: its bytes."""
STATUS = struct.Struct(">i")
"""How a process ended, as `subprocess` has it."""


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """To read what is on standard input."""

    name: str
    limits: Limits
    content_type: str | None = None
    work: Literal["read"] = "read"


@dataclass(frozen=True, slots=True)
class ExpandOrder:
    """To expand the archive on standard input."""

    name: str
    limits: ArchiveLimits
    work: Literal["expand"] = "expand"


Order = ReadOrder | ExpandOrder


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result; `trace` when the worker did not expect it."""

    error: Literal["UnreadableDocument", "TooLarge"]
    message: str
    trace: str = ""


orders = TypeAdapter[Order](Annotated[Order, Field(discriminator="work")])
failures = TypeAdapter(Failure)
documents = TypeAdapter(ReadDocument)
members = TypeAdapter(Member)
expansions = TypeAdapter(Expansion)


def frame(kind: bytes, payload: bytes) -> bytes:
    """A frame as it goes over the socket."""
    return HEADER.pack(kind, len(payload)) + payload
