"""Which way vectors are compared. Pure."""

from __future__ import annotations

from typing import Literal

from db import OUTSIDE_GRAPH

Path = Literal["exact", "graph"]

# Measured on 2 cores with 384 dimensions (docs/performance.md): comparing one vector that has to be fetched, and one
# step of a walk through the graph, which compares a vector with its neighbours. Only their ratio matters.
_COMPARED_US = 0.7
_WALKED_US = 4.5
# What a walk keeps at least, and what it goes on to find (nearest_in_graph).
_KEPT, _FOUND = 400, 100
# pgvector indexes no longer halfvec.
_LONGEST_INDEXED = 4000


def choose_path(candidates: int, in_graph: int, limit: int, dimensions: int) -> Path:
    """How to find `limit` nearest of `candidates` chunks, in a graph of `in_graph` vectors of which the others do not
    count.

    Few candidates are compared one by one, which misses none. A walk has to pass `in_graph / candidates` vectors for
    each that counts, so that a filter that lets little through makes it long, and its recall low: where comparing all
    candidates costs no more, they are compared.
    """
    if candidates <= OUTSIDE_GRAPH or dimensions > _LONGEST_INDEXED:
        return "exact"
    walked = max(_KEPT, max(limit, _FOUND) * in_graph / candidates)
    return "exact" if candidates * _COMPARED_US <= walked * _WALKED_US else "graph"
