"""How much a file may cost before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """Bounds on a process that works on one file."""

    memory_bytes: int = 3 * 1024 * 1024 * 1024
    """Its address space (Linux)."""
    cpu_seconds: int = 240
    wall_seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Limits(ProcessLimits):
    """Bounds on one reading. The defaults take a book of a thousand pages in seconds and stop what was made to hurt."""

    max_pages: int = 5_000
    max_characters: int = 20_000_000
    max_blocks: int = 1_000_000
    max_unpacked_bytes: int = 128 * 1024 * 1024
    """What the text parts of an office file or the chapters of an EPUB may unpack to."""
    max_unpacking_ratio: int = 150
    """Unpacked to packed bytes of these beyond 8 MiB. Deflate's best is 1032; text seldom passes 30."""
    max_parts: int = 20_000
    """Files inside one of these."""
    max_recognitions: int = 500
    """Pages and pictures whose text is recognised (OCR)."""
    recognition_seconds: int = 30
    """What each of them adds to `cpu_seconds` and `wall_seconds`; one of A4 takes about three."""
    max_pixels: int = 100_000_000
    """Of a picture: a page of A3 scanned at 600 dots an inch has 70 million."""
    max_depth: int = 3
    """Files inside files inside files: attachments of attached messages."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits(ProcessLimits):
    """Bounds on the expansion of one archive."""

    max_members: int = 10_000
    """Entries of it and of the archives in it, those that are skipped included."""
    max_member_bytes: int = 256 * 1024 * 1024
    max_total_bytes: int = 4 * 1024 * 1024 * 1024
    max_unpacking_ratio: int = 150
    """Unpacked to packed bytes, of an entry and of the whole, beyond 8 MiB."""
    max_depth: int = 3
    """Archives inside each other, the outermost included."""


DEFAULT_LIMITS = Limits()
DEFAULT_ARCHIVE_LIMITS = ArchiveLimits()
