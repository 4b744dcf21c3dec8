"""Late interaction: for each vector of the query the most similar one of the page, summed up.

Khattab and Zaharia, ColBERT, SIGIR 2020, https://arxiv.org/abs/2004.12832.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def max_sim(query: Vectors, pages: Sequence[Vectors]) -> Vectors:
    """How well each page answers, float32 of shape (len(pages),), more is better.

    `query` has the shape (tokens, dimensions) and each page (parts, dimensions). Their vectors have length 1, so that a
    score is at most the number of the query's tokens.
    """
    return np.array([(query @ page.T).max(axis=1).sum() if len(page) else 0.0 for page in pages], dtype=np.float32)
