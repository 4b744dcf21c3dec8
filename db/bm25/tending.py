"""What background work is to be done next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

# As many segments of about one size are merged into one of the next: a chunk is written again as often as its
# collection has grown by this factor.
_FAN = 8
_SMALLEST = 64
# When nothing has come for a while, segments are merged until each is more than this many times all smaller ones.
_RATIO = 8
# From this share of deleted chunks on, segments are written anew without them.
_DEAD = 0.25
_MOST_DELETIONS = 32
# Of one merge: its memory grows with them.
_MOST_SEGMENTS = 64


@dataclass(frozen=True, slots=True)
class SegmentState:
    """A live segment as `overview.sql` tells of it. `quiet_seconds`, `deletions` (rows) and `deleted` (chunks) are its
    collection's."""

    id: int
    collection_id: int
    language: str
    chunk_count: int
    wanted_language: str
    quiet_seconds: float
    deletions: int
    deleted: int


@dataclass(frozen=True, slots=True)
class Job:
    """`merge`: make one segment of these; `reindex`: make them anew from the chunks' texts; `forget`: make one deletion
    of all."""

    kind: Literal["merge", "reindex", "forget"]
    collection_id: int
    segments: tuple[int, ...] = ()


def next_job(states: Sequence[SegmentState], quiet_seconds: float, after: int = 0) -> Job | None:
    """What is to be done of the first collection that needs it behind the one `after`, and behind the last the first:
    each has its turn. `quiet_seconds`: after how long a collection's segments are merged although they are few."""
    in_turn = sorted(states, key=lambda state: (state.collection_id <= after, state.collection_id))
    for collection, group in groupby(in_turn, key=lambda state: state.collection_id):
        segments = list(group)
        if job := _reindex(segments) or _merge(segments) or _clean(segments) or _settle(segments, quiet_seconds):
            return Job(job.kind, collection, job.segments)
    return None


def _reindex(segments: list[SegmentState]) -> Job | None:
    for state in segments:
        if state.language != state.wanted_language:
            return Job("reindex", 0, (state.id,))
    return None


def _merge(segments: list[SegmentState]) -> Job | None:
    levels: dict[int, list[int]] = {}
    for state in segments:
        levels.setdefault(_level(state.chunk_count), []).append(state.id)
    for level in sorted(levels):
        if len(levels[level]) >= _FAN:
            return Job("merge", 0, tuple(levels[level][:_MOST_SEGMENTS]))
    return None


def _level(chunks: int) -> int:
    level, size = 0, _SMALLEST
    while chunks >= size:
        level, size = level + 1, size * _FAN
    return level


def _clean(segments: list[SegmentState]) -> Job | None:
    deleted, chunks = segments[0].deleted, sum(state.chunk_count for state in segments)
    if deleted > _DEAD * chunks and len(segments) <= _MOST_SEGMENTS:
        return Job("merge", 0, tuple(state.id for state in segments))
    return Job("forget", 0) if segments[0].deletions > _MOST_DELETIONS else None


def _settle(segments: list[SegmentState], quiet_seconds: float) -> Job | None:
    if segments[0].quiet_seconds < quiet_seconds:
        return None
    ordered = sorted(segments, key=lambda state: (state.chunk_count, state.id))
    smaller = [0]
    for state in ordered:
        smaller.append(smaller[-1] + state.chunk_count)
    for last in range(len(ordered) - 1, 0, -1):
        if ordered[last].chunk_count <= _RATIO * smaller[last]:
            return Job("merge", 0, tuple(sorted(state.id for state in ordered[: last + 1][:_MOST_SEGMENTS])))
    return None
