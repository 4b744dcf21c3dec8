"""Moments as callers write them."""

from __future__ import annotations

from datetime import UTC, datetime

from inference.errors import InvalidInput


def moment_of(text: str) -> datetime | None:
    """The moment that a text in ISO 8601 means; without a time zone it is UTC, without a time the day's beginning."""
    try:
        read = datetime.fromisoformat(text.upper())
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_optional_moment(text: str | None, field: str) -> datetime | None:
    """What a text, if there is one, means as `moment_of` does. Raises InvalidInput for one that means none."""
    if text is None:
        return None
    found = moment_of(text)
    if found is None:
        raise InvalidInput(
            f"{field} is no moment: {text[:40]!r}. Give a date in ISO 8601, as in `2026-11-28` or "
            "`2026-11-28T10:00:00Z`; without a time zone it is UTC.",
            field=field,
        )
    return found
