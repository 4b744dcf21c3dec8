"""How much a document may cost before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one reading. The defaults take a book of a thousand pages in seconds and stop what was made to hurt."""

    max_pages: int = 5_000
    max_characters: int = 20_000_000
    max_blocks: int = 1_000_000
    max_unpacked_bytes: int = 128 * 1024 * 1024
    """What the text parts of a DOCX may unpack to."""
    max_unpacking_ratio: int = 150
    """Unpacked to packed bytes of a DOCX beyond 8 MiB. Deflate's best is 1032; text seldom passes 30."""
    max_parts: int = 20_000
    """Files inside a DOCX."""
    memory_bytes: int = 3 * 1024 * 1024 * 1024
    """Address space of the reading process (Linux)."""
    cpu_seconds: int = 240
    wall_seconds: float = 300.0


DEFAULT_LIMITS = Limits()
