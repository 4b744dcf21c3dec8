"""The runner decides which model is in which memory, starts and stops it, and leases it out.

A model is a process that speaks the OpenAI protocol. A caller leases it and then talks to the lease's `base_url`
itself: tokens never pass through the runner.

States of a model

    off        no process; a lease loads it
    loading    its process is starting, or it wakes; leases wait
    ready      answers at its base_url
    sleeping   its process lives and has given most of its memory back (engines that can, models that may)
    unloading  its memory is being given back; a lease waits and loads it again
    failed     its last load or run ended in an error, which `Model.error` tells; it is tried again at the next lease,
               after a pause when it has failed several times, which `Model.retry_seconds` tells

Leases

    A process has at most one lease of a model, however many of its requests use it: lease() counts one use more,
    release() one less, and neither asks the runner while the lease is held. When the runner wants the memory for
    another model it asks the lease back: new uses wait for a new one, and it goes back with the last use under way.
    A lease ends with its engine, and with the process that holds it: both are noticed at once where a connection
    breaks, and within a minute where a process just stops answering.

Whose turn it is

    Leases are given in the order in which they were asked; people's before those of background work, which waits for
    half a minute at most before it counts like theirs. A model that somebody waits for makes others give way: first
    those that are worth least (policy), idle ones before busy ones, which get no new requests from then on. A model
    that was loaded stays for as long as its load took, while it is used: two callers who want different models where
    there is room for one wait for each other, and neither for ever.

Guarantees

    No device is ever promised more than it has: what models hold is measured, what they will need is estimated from
    their files and from what earlier loads took.
    A model that is busy or pinned is never evicted, and none is when there is room without.
    lease()     returns when the model is ready, or raises: NotFound (no such model: never another in its place),
                Unavailable (it cannot be loaded now, or the runner does not answer; the message says why, and names
                what it needs and what there is where it does not fit).
                Every lease is answered in the end. Concurrent leases of a model that is off cause one load.
    announce()  tells which models a caller needs next. They are loaded ahead where room is free or held by what nobody
                has leased; nothing else comes of it.
    load()      as lease(), and nobody holds it then; unload() ends the process and returns when its memory is free.
                What runs on it gets ten seconds to end.
    memory()    what was measured, never what was planned; where an accelerator's driver names no processes, what each
                was given of what is in use there.
    forget()    the engine behind the lease is looked at, and ended when it does not answer. The use still has to be
                released.
    A model whose process dies is `failed` within a second; the next lease starts it again. One that hangs is ended.
    The engines end with the runner, whatever way it goes.
    Importing this module costs no engine: what needs a library is imported when it is first called.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inference.models.common import Fault
    from inference.models.models import Memory, Model, ModelChange, ModelEntry, ModelEvent, ModelLog
    from inference.models.pulls import Pull, PullList, PullOrder
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
    "leased",
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
    """The right to use a model until it is asked back.

    `base_url` ends before `/chat/completions`; `model` is the name to send there; `headers` authorise the request.
    `remote`: it leads to a provider, away from this machine. `id` is the runner's, empty where nothing is to be
    released; leases of one engine are equal.
    """

    model: str
    base_url: str
    headers: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    remote: bool = False
    id: str = field(default="", compare=False)


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

    async def lease(self, model: str, *, background: bool = False) -> Lease:
        """One use of the model, which `release` ends. `background`: nobody sits and waits for it."""
        ...

    def release(self, lease: Lease) -> None:
        """Ends one use; at once and without waiting."""
        ...

    def announce(self, models: Sequence[str]) -> None:
        """These models are needed next, in this order. Tells the runner of those that are not leased here already, and
        returns at once; names that the runner does not know are passed over."""
        ...

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

    async def add(self, entry: ModelEntry) -> Model:
        """Adds a model for good. Raises Conflict (the id is taken) or InvalidInput with every fault of the entry."""
        ...

    async def remove(self, model: str) -> None:
        """Ends and forgets a model that was added. Raises NotFound, or Conflict for one that was not."""
        ...

    async def modify(self, change: ModelChange) -> Model:
        """Sets for good what the change names. Raises NotFound, or InvalidInput for a provider's model."""
        ...

    async def log(self, model: str, lines: int) -> ModelLog:
        """The last lines that the model's engines wrote."""
        ...

    def events(self) -> AsyncGenerator[ModelEvent | None]:
        """All models and devices, then what changes; None now and then when nothing does. Ends when the runner ends or
        the reader is far behind; raises Unavailable when it cannot be reached."""
        ...

    async def pull(self, order: PullOrder) -> Pull:
        """Begins to bring a model from the hub, and tells how far it is; asked again, the same one. Raises NotFound,
        InvalidInput, Unavailable (offline, or no room on the disk) or UpstreamFailed."""
        ...

    async def pulls(self) -> PullList:
        """How far each is."""
        ...

    async def cancel_pull(self, pull_id: str) -> Pull:
        """Raises NotFound."""
        ...

    async def metrics(self) -> str:
        """Loads, evictions, waiting and memory, in Prometheus's text format."""
        ...

    async def forget(self, lease: Lease) -> None:
        """Tells that the lease's engine did not answer, so that the next use asks for a new lease."""
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

    def starts(self, text: str, longest: int) -> list[int] | None:
        """Where each token begins, found faster than `spans`; None unless the tokens leave out nothing but white space
        and none has more than `longest` characters."""
        ...


def connect(url: str, token: str, holder: str = "penstock") -> Runner:
    """The runner that listens at `url` (`PENSTOCK_RUNNER_URL`); nothing is sent before the first call. `holder` is what
    this process is called where people look who holds a model."""
    from inference.runner.client import RunnerClient  # noqa: PLC0415 - the face stays light

    return RunnerClient(url, token, holder)


@asynccontextmanager
async def leased(runner: Runner, model: str, *, background: bool = False) -> AsyncGenerator[Lease]:
    """One use of a model, for as long as the block lasts. Raises as `Runner.lease`."""
    lease = await runner.lease(model, background=background)
    try:
        yield lease
    finally:
        runner.release(lease)


async def embedder_of(runner: Runner, model: str) -> Embedder:
    """What is known of an embedder; nothing is loaded.

    Raises NotFound (no such model), InvalidInput (it embeds nothing, or models.yaml does not describe it) or
    Unavailable.
    """
    return await runner.embedder(model)


async def embed(
    runner: Runner,
    model: str,
    texts: Sequence[str],
    kind: InputKind = "passage",
    *,
    caller: str = "",
    background: bool = False,
) -> NDArray[np.float32]:
    """Vectors of `texts` in their order, float32, shape (len(texts), dimensions of the model).

    Takes any number of texts; equal ones cost once. Queries overtake passages; `caller` is whose passages they are:
    callers take turns; `background` as in `Runner.lease`. An engine that died is leased once more; a provider that is
    busy is asked again a few times. Cancelling drops what is left. Raises NotFound (no such model), InvalidInput (the
    engine refuses a text, an empty one for example), Unavailable (no engine answers now) or UpstreamFailed.
    """
    from inference.runner.embedding import embed_array  # noqa: PLC0415 - the face stays light

    return await embed_array(runner, model, texts, kind, caller, background=background)


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
