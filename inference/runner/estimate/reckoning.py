"""The estimate itself. Pure.

What weights and caches take is known to the byte. What the runtimes take besides is not: the constants below are where
the first load begins, and what it measures is learnt (residuals.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inference.runner.estimate.cache import batch_of, cache_bytes
from inference.runner.estimate.facts import Architecture, Estimate, Inestimable, ModelFiles, Terms

MIB = 1 << 20
MOST_TOKENS = 1 << 28
_STEP = 256


@dataclass(frozen=True, slots=True)
class _Runtime:
    """What an engine takes by itself: on an accelerator and of the host then, and of the host without one."""

    gpu: int
    host: int
    cpu: int


# Accelerators: CUDA's context, the libraries' kernels and, for vLLM, the captured graphs: 0.5 to 1 GiB as others have
# measured (ollama/ollama issues 10128, 10359). Hosts: Python, torch, the server; of llama.cpp as measured with
# xllamacpp 2026.10 (8 layers of 1024, 310 MB of weights: 9 % over what it held after its first answer).
_RUNTIMES = {
    "vllm": _Runtime(1024 * MIB, 2560 * MIB, 1536 * MIB),
    "llamacpp": _Runtime(512 * MIB, 256 * MIB, 32 * MIB),
    "transformers": _Runtime(640 * MIB, 1024 * MIB, 512 * MIB),
    "onnx": _Runtime(640 * MIB, 256 * MIB, 160 * MIB),
    "colpali": _Runtime(640 * MIB, 1024 * MIB, 512 * MIB),
}
_SAMPLED = 256
"""Sequences whose next tokens vLLM chooses at once at most (`max_num_seqs`)."""


def estimate(files: ModelFiles, terms: Terms) -> Estimate:
    """Raises Inestimable for terms that no model can have."""
    context = _context(files, terms)
    if not 0 < terms.sequences <= 1 << 16:
        raise Inestimable("models.yaml", "sequences", f"1 to 65536 can run at once, not {terms.sequences}")
    runtime = _RUNTIMES[terms.engine]
    # vLLM loads 32-bit weights as 16-bit ones.
    weights = files.weights - (files.wide // 2 if terms.engine == "vllm" else 0)
    host = runtime.host
    if terms.engine == "llamacpp" and terms.gpu:  # the table of the tokens is looked up on the host
        weights, host = weights - (0 if files.tied else files.embedding), host + files.embedding
    return Estimate(
        weights=weights,
        cache=cache_bytes(files.architecture, terms, context),
        buffers=_buffers(files.architecture, terms, context),
        overhead=runtime.gpu if terms.gpu else runtime.cpu,
        host=host if terms.gpu else 0,
        context=context,
        cache_split=files.architecture.cache_split,
    )


def smaller_context(files: ModelFiles, terms: Terms, room: int) -> int | None:
    """The longest context, a multiple of 256 and shorter than the terms', with which it fits `room` bytes; None if it
    does with none. For another try after a load ran out of memory."""
    low, high = 0, (_context(files, terms) - 1) // _STEP
    while low < high:
        middle = (low + high + 1) // 2
        fits = estimate(files, replace(terms, context=middle * _STEP)).on_each(1) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return low * _STEP or None


def _context(files: ModelFiles, terms: Terms) -> int:
    context = files.context if terms.context is None else terms.context
    if not 0 < context <= MOST_TOKENS:
        raise Inestimable(files.source, "context", f"a context has 1 to {MOST_TOKENS} tokens, not {context}")
    return context


def _buffers(model: Architecture, terms: Terms, context: int) -> int:
    """What a batch takes while it is computed."""
    batch = min(batch_of(terms), max(context, 1) * terms.sequences)
    if terms.engine == "llamacpp":
        # Its compute buffer: logits and one layer's output of each token in 32 bits; attention is not written out.
        return batch * (model.vocabulary + model.hidden) * 4
    if terms.engine == "vllm":
        # One layer at a time in 16 bits, gate and up of its feed-forward part being the widest; logits of what is
        # sampled in 32 bits, and a copy.
        rows = min(_SAMPLED, batch)
        return batch * (2 * model.intermediate + 4 * model.hidden) * 2 + rows * model.vocabulary * 8
    if terms.engine == "transformers":
        return batch * (2 * model.intermediate + 6 * model.hidden) * 4 + model.vocabulary * 8 * terms.sequences
    # Encoders: scores of every token for every other, a head at a time fused or not, and the layer's widest part.
    scores = model.heads * min(context, batch) * batch * 4 if terms.engine == "onnx" else 0
    return batch * (model.intermediate + 6 * model.hidden) * 4 + scores
