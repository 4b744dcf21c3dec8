"""Draws how times grow with the number of chunks, from JSON on stdin:

python -m inference.evaluation.bm25.plot_process <picture>      in the peers' environment
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any


def draw(picture: str, sizes: list[int], lines: dict[str, list[float]]) -> None:
    """`lines`: milliseconds at each size by what they are of."""
    matplotlib: Any = import_module("matplotlib")
    matplotlib.use("agg")
    pyplot: Any = import_module("matplotlib.pyplot")
    figure, axes = pyplot.subplots(figsize=(6.4, 4.0))
    for name, values in lines.items():
        axes.loglog(sizes, values, marker="o", label=name)
    axes.set_xlabel("chunks")
    axes.set_ylabel("top 10, ms")
    axes.grid(visible=True, which="both", linewidth=0.3)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(picture, dpi=140)


if __name__ == "__main__":
    given = json.load(sys.stdin)
    draw(sys.argv[1], given["sizes"], given["lines"])
