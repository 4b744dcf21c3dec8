"""How much memory a model will take, told from its files before it is loaded.

    read_files()        the headers of its safetensors, GGUF or ONNX files and its config.json; no weights are read
    estimate()          weights + cache + buffers + the runtime's own, for an engine and its terms
    smaller_context()   the longest context that fits less room, for another try

Exact are the weights (what the files hold) and the cache: two vectors of every key-value head, layer and token; a
window's worth in layers that slide; one latent vector in MLA; a fixed state in recurrent layers. The rest is learnt
from loads. What cannot be known raises Inestimable, which names file and field: nothing is guessed. Files are a
stranger's: every length in them is checked before it is used, and what they say is never run.
"""

from __future__ import annotations

from inference.runner.estimate.facts import (
    Architecture,
    Attention,
    EngineName,
    Estimate,
    Inestimable,
    ModelFiles,
    State,
    Terms,
)
from inference.runner.estimate.reading import read_files
from inference.runner.estimate.reckoning import estimate, smaller_context

__all__ = [
    "Architecture",
    "Attention",
    "EngineName",
    "Estimate",
    "Inestimable",
    "ModelFiles",
    "State",
    "Terms",
    "estimate",
    "read_files",
    "smaller_context",
]
