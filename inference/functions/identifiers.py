"""Ids as callers write them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from inference.errors import NotFound, PenstockError

if TYPE_CHECKING:
    from inference.functions.context import Context

__all__ = ["collection_of", "model_from", "new_id", "no_such", "parse_id", "parse_optional_id"]


def new_id() -> UUID:
    """A UUIDv7: sorts by time, and strangers cannot count with it."""
    return uuid7()


def parse_id(text: str, what: str, field: str) -> UUID:
    """The id in `text`. What cannot be an id is an id of nothing: NotFound."""
    try:
        return UUID(text)
    except ValueError:
        raise no_such(what, text, field) from None


def parse_optional_id(text: str | None, what: str, field: str) -> UUID | None:
    return None if text is None else parse_id(text, what, field)


async def collection_of(ctx: Context, text: str) -> UUID:
    """The id of a collection that is the caller's. Raises NotFound."""
    uid = parse_id(text, "collection", "collection_id")
    if not await ctx.storage.collections.exists(ctx.user.key, uid):
        raise no_such("collection", text, "collection_id")
    return uid


def no_such(what: str, text: str, field: str) -> NotFound:
    """The same words for what is not there and for what belongs to somebody else."""
    return NotFound(f"There is no {what} {text[:80]!r}.", field=field)


@contextmanager
def model_from(field: str) -> Generator[None]:
    """Errors of a model within name the field that it was given in."""
    try:
        yield
    except PenstockError as problem:
        if problem.field != "model":
            raise
        # Others may wait for the same answer and have named their model elsewhere.
        told = copy(problem)
        told.field = field
        raise told from None
