"""Requests for models, made up from a seed."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

GB = 10**9
MODELS = 40
REQUESTS = 5000
DRIFT = 1250
"""After so many requests popularity is dealt out anew."""
GAP_SECONDS = 15.0
"""Mean time between a request's answer and the next request; the intervals are exponential."""
GRAPH_MODELS = (2, 6)
"""A graph asks for so many models, one after the other."""
GRAPHS_AT_ONCE = 6

Sizes = Literal["log", "even"]
Loads = Literal["mixed", "by size"]


@dataclass(frozen=True, slots=True)
class Zoo:
    """The models: bytes, and seconds to load."""

    sizes: tuple[int, ...]
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `gap` seconds after the answer to the one before. `announced` are all models that the running graphs
    will ask for after it, `following` the one that each asks for next; empty in a trace of single requests."""

    model: int
    gap: float
    announced: tuple[int, ...] = ()
    following: tuple[int, ...] = ()


def zoo(seed: int, sizes: Sizes, loads: Loads) -> Zoo:
    """Forty models of 1 to 40 GB.

    `mixed`: half of them load as vLLM was measured, 34 s and 2.9 s a GB (blog.vllm.ai, 2025-10-26: 37.6 s for a model
    of 1.2 GB, 58.1 s for one of 8.3), the others as files are read, 1 s and 0.5 s a GB. `by size`: all like the latter.
    """
    random_ = random.Random(seed)
    spread = {"log": lambda: 40 ** random_.random(), "even": lambda: random_.uniform(1, 40)}[sizes]
    gigabytes = [spread() for _ in range(MODELS)]
    slow = [loads == "mixed" and random_.random() < 0.5 for _ in gigabytes]
    seconds = [34 + 2.9 * size if late else 1 + 0.5 * size for size, late in zip(gigabytes, slow, strict=True)]
    return Zoo(tuple(int(size * GB) for size in gigabytes), tuple(seconds))


def requests(seed: int, *, graphs: bool) -> list[Request]:
    """Zipf's law with exponent 1, dealt out anew every DRIFT requests. Models of graphs are drawn by the same law, and
    several graphs run at once, in no order: the trace asks for as much of each model as one of single requests."""
    random_ = random.Random(-1 - seed)
    weights = [1 / rank for rank in range(1, MODELS + 1)]
    order = list(range(MODELS))
    running: list[list[int]] = []
    made: list[Request] = []
    while len(made) < REQUESTS:
        if len(made) % DRIFT == 0:
            random_.shuffle(order)
        while len(running) < (GRAPHS_AT_ONCE if graphs else 1):
            length = random_.randint(*GRAPH_MODELS) if graphs else 1
            running.append([order[rank] for rank in random_.choices(range(MODELS), weights, k=length)])
        graph = random_.choice(running)
        model = graph.pop(0)
        running = [each for each in running if each]
        ahead = running if graphs else []
        made.append(
            Request(
                model,
                gap=-math.log(1 - random_.random()) * GAP_SECONDS,
                announced=tuple(each for graph in ahead for each in graph),
                following=tuple(graph[0] for graph in ahead),
            )
        )
    return made
