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
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inference.models.models import Memory, Model
    from inference.runner.fake import FakeRunner

__all__ = [
    "DEFAULT_CHAT_MODEL",
    "DEFAULT_EMBEDDER",
    "FakeRunner",
    "Lease",
    "Runner",
    "TokenCounter",
    "connect",
    "embed",
    "token_counter",
]

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_CHAT_MODEL = "extractive"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to use a model until it is recalled.

    `base_url` ends before `/chat/completions`; `model` is the name to send there; `headers` authorise the request.
    """

    model: str
    base_url: str
    headers: dict[str, str] = field(default_factory=dict[str, str], repr=False)


class Runner(Protocol):
    """What the rest of the platform knows of the runner."""

    async def lease(self, model: str) -> Lease: ...

    async def models(self) -> list[Model]: ...

    async def memory(self) -> Memory: ...

    async def load(self, model: str) -> Model: ...

    async def unload(self, model: str) -> Model: ...

    async def forget(self, lease: Lease) -> None:
        """Tells that the lease's engine did not answer, so that the next lease asks anew."""
        ...

    async def close(self) -> None: ...


class TokenCounter(Protocol):
    """How a model's tokenizer cuts a text, without special tokens and without truncation."""

    def count(self, text: str) -> int: ...

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each token in characters of `text`, in order."""
        ...


def connect(url: str, token: str) -> Runner:
    """The runner that listens at `url` (`PENSTOCK_RUNNER_URL`); nothing is sent before the first call."""
    from inference.runner.client import RunnerClient  # noqa: PLC0415 - the face stays light

    return RunnerClient(url, token)


@dataclass(frozen=True, slots=True)
class Embedder:
    id: str
    dimensions: int
    max_tokens: int
    fingerprint: str


async def embedder_of(runner: Runner, model: str) -> Embedder:
    from inference.errors import NotFound

    if model != DEFAULT_EMBEDDER:
        raise NotFound(f"There is no model {model!r}.", field="model")
    return Embedder(model, 384, 256, "f" * 16)


async def embed(
    runner: Runner, model: str, texts: Sequence[str], kind: str = "passage", *, caller: str = ""
) -> NDArray[np.float32]:
    """Vectors of `texts` in their order, float32, shape (len(texts), dimensions of the model).

    Takes any number of texts; an engine that died is leased once more. Raises NotFound (no such model), InvalidInput
    (the engine refuses a text, an empty one for example), Unavailable (no engine answers now) or UpstreamFailed.
    """
    from inference.runner.embedding import embed_array  # noqa: PLC0415 - the face stays light

    return await embed_array(runner, model, texts)


async def rerank(runner: Runner, model: str, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
    raise NotImplementedError


def token_counter(embedder: Embedder | None = None) -> TokenCounter:
    """The tokenizer of an embedding model that is on this machine. Raises NotFound for any other."""
    from inference.runner.tokens import counter_of  # noqa: PLC0415 - the face stays light

    return counter_of(embedder.id if embedder else DEFAULT_EMBEDDER)


def __getattr__(name: str) -> object:
    """`FakeRunner` brings an HTTP server with it, so it is imported only where it is used."""
    if name == "FakeRunner":
        from inference.runner.fake import FakeRunner  # noqa: PLC0415 - the face stays light

        return FakeRunner
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
