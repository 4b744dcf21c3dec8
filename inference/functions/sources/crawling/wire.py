"""What goes to the crawling process and what comes from it: JSON, and bodies behind it."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Literal

from pydantic import TypeAdapter

# The length of a message, and of the body behind it.
HEADER = struct.Struct(">IQ")
LONGEST_MESSAGE = 4 << 20

Scope = Literal["host", "path", "subdomains"]


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page as it was the last time: what its server is asked with, and where it led to, as `robots` was."""

    etag: str | None = None
    last_modified: str | None = None
    links: list[str] = field(default_factory=list[str])
    robots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to crawl. `allow`: as `PENSTOCK_HTTP_ALLOW`; `parent`: the process that reads the pages; `patience`: for how
    many seconds an answer, and what a site asks to wait, is waited for at most."""

    url: str
    scope: Scope
    depth: int
    max_pages: int
    rate: float
    robots: bool
    max_bytes: int
    allow: str
    parent: int
    known: dict[str, KnownPage]
    patience: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of a URL: a `page` with its body behind, `unchanged`, `failed` with the reason in `why`, or the `end`
    of the crawl. `content_type` is as the server said it, in small letters, with its parameters."""

    kind: Literal["page", "unchanged", "failed", "end"]
    url: str = ""
    content_type: str = ""
    disposition: str = ""
    known: KnownPage = field(default_factory=KnownPage)
    why: str = ""


orders = TypeAdapter(Order)
messages = TypeAdapter(Told)
