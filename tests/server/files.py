"""Files as tests upload them, and what the platform keeps of them."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Any

from tests.platform import Platform

WORDS = b"A heron stands in the reeds and waits for the water to clear."


def stored(platform: Platform, data: bytes) -> bool:
    """Whether these bytes lie in the object store."""
    return (platform.home / "objects" / "contents" / hashlib.sha256(data).hexdigest()).exists()


def half_received(platform: Platform) -> list[Path]:
    """What the object store holds of uploads that have not ended."""
    return [path for path in (platform.home / "objects").glob("incoming*/**/*") if path.is_file()] + [
        path for path in (platform.home / "objects").glob("**/*#*") if path.is_file()
    ]


def unique(text: bytes = WORDS) -> bytes:
    """A text that no other test uploads."""
    return text + b"\n\n" + secrets.token_hex(8).encode()


def documents_of(platform: Platform, collection: str, **more: Any) -> list[dict[str, Any]]:
    """One page of a collection's documents."""
    return platform.result("fetch_collection_documents", {"collection_id": collection} | more)["documents"]


def download(platform: Platform, document: str) -> Any:
    """The answer of download_document."""
    return platform.call("download_document", {"document_id": document})
