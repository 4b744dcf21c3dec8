"""The runner decides which model is in which memory, starts and stops it, and leases it out.

A model is a process that speaks the OpenAI protocol. A caller leases it and then talks to the lease's `base_url`
itself: tokens never pass through the runner.

States of a model

    off        no process; a lease loads it
    loading    its process is starting; leases wait
    ready      answers at its base_url
    sleeping   holds its weights where they cost less (engines that can)
    unloading  its process is ending; a lease waits and loads it again
    failed     its last load or run ended in an error, which `Model.error` tells; the next lease tries again

Guarantees

    lease()    returns when the model is ready, or raises: NotFound (no such model: never another in its place),
               Unavailable (it cannot be loaded now, or the runner does not answer; the message says why).
               Concurrent leases of a model that is off cause one load.
               A caller is given the lease that it got seconds ago without the runner being asked; when the engine
               behind it has gone, that shows in the call: forget() the lease and lease again, once.
    load()     the same without a lease; unload() ends the process and returns when its memory is free.
    memory()   what was measured, never what was planned.
    forget()   the engine behind the lease is looked at, and ended when it does not answer.
    A model whose process dies is `off` or `failed` within a second; the next lease starts it again.
    Importing this module costs no engine: what needs a library is imported when it is first called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inference.models.common import Fault
    from inference.models.models import Memory, Model
    from inference.runner.fake import FakeRunner

__all__ = [
    "CALLER_HEADER",
    "DEFAULT_CHAT_MODEL",
    "DEFAULT_EMBEDDER",
    "Embedder",
    "FakeRunner",
    "InputKind",
    "Lease",
    "Runner",
    "TokenCounter",
    "connect",
    "embed",
    "embedder_of",
    "rerank",
    "token_counter",
]

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_CHAT_MODEL = "extractive"
# Tells an engine of this machine whose request it is: callers take turns, batch by batch.
CALLER_HEADER = "Penstock-Caller"

InputKind = Literal["query", "passage"]


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to use a model until it is recalled.

    `base_url` ends before `/chat/completions`; `model` is the name to send there; `headers` authorise the request.
    `remote`: it leads to a provider, away from this machine.
    """

    model: str
    base_url: str
    headers: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Embedder:
    """What one must know of an embedding model, without its being loaded.

    `max_tokens` is its longest input, special tokens and prefix included. `fingerprint` changes when its vectors do,
    because of other weights, another precision or prefix. `tokenizer` is a file; empty for a provider's model, whose
    prefixes are added by `embed`: an engine of this machine adds its own.
    """

    id: str
    dimensions: int
    max_tokens: int
    precision: Literal["fp32", "int8", "remote"]
    fingerprint: str
    tokenizer: str = ""
    query_prefix: str = ""
    passage_prefix: str = ""


class Runner(Protocol):
    """What the rest of the platform knows of the runner."""

    async def lease(self, model: str) -> Lease: ...

    async def models(self) -> list[Model]: ...

    async def faults(self) -> list[Fault]:
        """What is wrong in models.yaml."""
        ...

    async def embedder(self, model: str) -> Embedder:
        """As `embedder_of`."""
        ...

    async def memory(self) -> Memory: ...

    async def load(self, model: str) -> Model: ...

    async def unload(self, model: str) -> Model: ...

    async def forget(self, lease: Lease) -> None:
        """Tells that the lease's engine did not answer, so that the next lease asks anew."""
        ...

    async def close(self) -> None: ...


class TokenCounter(Protocol):
    """How a model's tokenizer cuts a text, without special tokens and without truncation. `by_words`: the tokens of a
    text are those of its parts, where it is cut at spaces and ends of lines."""

    @property
    def by_words(self) -> bool: ...

    def count(self, text: str) -> int: ...

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each token in characters of `text`, in order."""
        ...


def connect(url: str, token: str) -> Runner:
    """The runner that listens at `url` (`PENSTOCK_RUNNER_URL`); nothing is sent before the first call."""
    from inference.runner.client import RunnerClient  # noqa: PLC0415 - the face stays light

    return RunnerClient(url, token)


async def embedder_of(runner: Runner, model: str) -> Embedder:
    """What is known of an embedder; nothing is loaded.

    Raises NotFound (no such model), InvalidInput (it embeds nothing, or models.yaml does not describe it) or
    Unavailable.
    """
    return await runner.embedder(model)


async def embed(
    runner: Runner, model: str, texts: Sequence[str], kind: InputKind = "passage", *, caller: str = ""
) -> NDArray[np.float32]:
    """Vectors of `texts` in their order, float32, shape (len(texts), dimensions of the model).

    Takes any number of texts; equal ones cost once. Queries overtake passages; `caller` is whose passages they are:
    callers take turns. An engine that died is leased once more; a provider that is busy is asked again a few times.
    Cancelling drops what is left. Raises NotFound (no such model), InvalidInput (the engine refuses a text, an empty
    one for example), Unavailable (no engine answers now) or UpstreamFailed.
    """
    from inference.runner.embedding import embed_array  # noqa: PLC0415 - the face stays light

    return await embed_array(runner, model, texts, kind, caller)


async def rerank(
    runner: Runner, model: str, query: str, texts: Sequence[str], *, caller: str = ""
) -> NDArray[np.float32]:
    """How well each text answers the query, float32, shape (len(texts),), in their order; more is better.

    `model` is a cross-encoder, whose scores are from 0 to 1, or an embedder, whose scores are cosines. Raises as
    `embed`.
    """
    from inference.runner.reranking import rerank_array  # noqa: PLC0415 - the face stays light

    return await rerank_array(runner, model, query, texts, caller)


def token_counter(embedder: Embedder | None = None) -> TokenCounter:
    """The tokenizer of an embedder; the built-in one's where none is named, or it runs at a provider.

    Raises NotFound where its file is not on this machine.
    """
    from inference.runner.tokens import counter_of  # noqa: PLC0415 - the face stays light

    return counter_of(embedder.tokenizer if embedder else "")


def __getattr__(name: str) -> object:
    """`FakeRunner` brings an HTTP server with it, so it is imported only where it is used."""
    if name == "FakeRunner":
        from inference.runner.fake import FakeRunner  # noqa: PLC0415 - the face stays light

        return FakeRunner
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
