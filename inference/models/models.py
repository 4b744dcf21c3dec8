# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from typing_extensions import TypeAliasType
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from . import common


ModelState = TypeAliasType("ModelState", Literal["off", "loading", "ready", "sleeping", "unloading", "failed"])


ModelKind = TypeAliasType("ModelKind", Literal["chat", "embedding", "rerank", "multi_vector"])
"""
`multi_vector`: an embedder of pages or texts whose answer is one vector for each of its parts.
"""


Precision = TypeAliasType("Precision", Literal["fp32", "int8"])
"""
32-bit floating point, as exact as the published model; or 8-bit integers, several times faster.
"""


class Price(BaseModel):
    """
    What a model's tokens cost, so that the cost of nodes and runs can be told.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    input: Annotated[float, Field(ge=0.0, le=1000000000.0)]
    """
    A million tokens of prompts.
    """
    output: Annotated[float, Field(ge=0.0, le=1000000000.0)]
    """
    A million tokens of answers.
    """
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    """
    As ISO 4217 has it: `EUR`.
    """


DeviceId = TypeAliasType("DeviceId", Annotated[str, Field(pattern="^(cpu|gpu[0-9]{1,3})$")])
"""
`cpu`, `gpu0`, `gpu1`, …
"""


class LoraEntry(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: Annotated[str, Field(max_length=200, min_length=1, pattern="^[A-Za-z0-9][A-Za-z0-9._:/@-]*$")]
    source: Annotated[str, Field(max_length=4096, min_length=1)]


class ModelLimits(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    requests: Annotated[int | None, Field(ge=1, le=4096)] = None
    """
    Requests that it works on at once.
    """
    load_seconds: Annotated[int | None, Field(ge=1, le=86400)] = None
    """
    The longest load.
    """


class ModelChange(BaseModel):
    """
    What is set anew; what is left out stays. A `ttl_seconds` of null is none.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    model: Annotated[str, Field(max_length=200, min_length=1)]
    pin: bool | None = None
    ttl_seconds: Annotated[int | None, Field(ge=1, le=31536000)] = None
    priority: Annotated[int | None, Field(ge=-100, le=100)] = None


class LeaseHolder(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    holder: str
    """
    Which process of the platform: `server`, `worker`, an engine.
    """
    since: AwareDatetime
    in_flight: int
    """
    Requests of its that are under way.
    """
    recalled: bool
    """
    Whether it was asked back and only finishes its requests.
    """


class ModelReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    model: Annotated[str, Field(max_length=200, min_length=1)]


class ModelShare(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    model: str
    memory_mb: float


class MemoryPoint(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    at: AwareDatetime
    device: str
    used_mb: float
    models_mb: float


class ModelLogRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    model: Annotated[str, Field(max_length=200, min_length=1)]
    lines: Annotated[int, Field(ge=1, le=2000)] = 200
    """
    How many, the last ones.
    """


class ModelLog(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    model: str
    lines: list[str]
    dropped: int
    """
    Earlier lines of the model's engines that are not kept.
    """


class ModelRemoved(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    model: str


class LoadRecord(BaseModel):
    """
    What a load cost, as measured.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    model: str
    at: AwareDatetime
    seconds: float
    rss_before_mb: float
    """
    Resident memory of the engine's process before it read the weights.
    """
    rss_after_mb: float


class ModelEntry(BaseModel):
    """
    A model that an operator adds. A relative `source` begins at the file's folder.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: Annotated[str, Field(max_length=200, min_length=1, pattern="^[A-Za-z0-9][A-Za-z0-9._:/@-]*$")]
    kind: ModelKind
    engine: Literal["onnx", "vllm", "llamacpp", "transformers", "colpali", "remote"]
    """
    `remote`: at `OPENAI_BASE_URL`; the others: in a process of this machine.
    """
    source: Annotated[str, Field(max_length=4096, min_length=1)]
    """
    For `onnx` a folder with tokenizer.json, config.json and model.safetensors or model.onnx, or the name of the built-in embedder for its weights; for `remote` the provider's name of the model.
    """
    description: Annotated[str, Field(max_length=1000)] = ""
    dimensions: Annotated[int | None, Field(ge=1, le=65536)] = None
    """
    Length of its vectors. An embedder of `remote` must tell; elsewhere the model's own files do.
    """
    max_tokens: Annotated[int | None, Field(ge=8, le=131072)] = None
    """
    Longest input in tokens, at most what the model has places for, which it is when left out.
    """
    pooling: Literal["mean", "cls"] = "mean"
    """
    How an embedder's token vectors become one.
    """
    normalise: bool = True
    """
    Whether vectors are brought to length 1.
    """
    query_prefix: Annotated[str, Field(max_length=1000)] = ""
    """
    What the model wants before a query: `query: `.
    """
    passage_prefix: Annotated[str, Field(max_length=1000)] = ""
    dtype: Precision = "fp32"
    engine_args: dict[str, Any] = {}
    """
    What is the engine's own. `onnx`: `threads`, the cores that it may use.
    """
    context: Annotated[int | None, Field(ge=16, le=16777216)] = None
    """
    Tokens that prompt and answer may have together; the model's own limit when left out.
    """
    pin: bool = False
    """
    Loaded at the start and kept in memory whatever others want.
    """
    ttl_seconds: Annotated[int | None, Field(ge=1, le=31536000)] = None
    """
    Its memory is given back when nobody has used it for so long; when left out, when others want it.
    """
    priority: Annotated[int, Field(ge=-100, le=100)] = 0
    """
    It is loaded before models of a lower one, and does not give way to them in the minute after its last use.
    """
    memory_mb: Annotated[float | None, Field(gt=0.0)] = None
    """
    The most it may take on each device, in MiB: an engine that fills what it is given takes no more, and a model whose files do not tell what it needs is taken to need it.
    """
    devices: Annotated[list[DeviceId], Field(max_length=64)] = []
    """
    Where it may be loaded; anywhere when left out.
    """
    sleep: Annotated[int, Field(ge=0, le=2)] = 0
    """
    What is done first when its memory is wanted, by engines that can: 1 keeps the weights in the machine's memory, 2 keeps the process alone, 0 ends it.
    """
    lora: Annotated[list[LoraEntry], Field(max_length=64, validate_default=True)] = []
    """
    Adapters of a chat model, each called by a name of its own; for engines that can.
    """
    limits: ModelLimits | None = None
    price: Price | None = None


class Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    kind: ModelKind
    engine: str
    """
    `extractive`, or one of the engines of a models.yaml entry.
    """
    state: ModelState
    memory_mb: float
    """
    Measured, in MiB: the memory of its processes on all devices; 0 when it has none.
    """
    estimated_mb: float | None = None
    """
    What it was thought to need before it was loaded.
    """
    device: str
    """
    `cpu`, `gpu0`, `gpu0,gpu1`; `remote` for a provider's model.
    """
    dimensions: int | None = None
    """
    Length of its vectors.
    """
    max_tokens: int | None = None
    """
    Longest input in tokens.
    """
    precision: Precision | None = None
    """
    What a model of this machine computes with; null where that is not known.
    """
    load_seconds: float | None = None
    """
    How long its last load took.
    """
    error: str | None = None
    """
    Why it failed, in words.
    """
    notice: str | None = None
    """
    What is not as it was asked for, a smaller context for example.
    """
    description: str = ""
    context: int | None = None
    """
    Tokens that prompt and answer may have together.
    """
    pin: bool = False
    ttl_seconds: int | None = None
    priority: int = 0
    adapter_of: str | None = None
    """
    The model that this one is, with an adapter; they come and go together.
    """
    price: Price | None = None
    """
    Null where it is not known.
    """
    added: bool = False
    """
    Whether `add_model` made it and `remove_model` can take it away.
    """
    leases: Annotated[list[LeaseHolder], Field(validate_default=True)] = []
    waiting: int = 0
    """
    Leases that wait for it.
    """
    waiting_seconds: float = 0
    """
    How long the first of them has waited.
    """
    idle_seconds: float | None = None
    """
    Since it was last used; null when it is not loaded.
    """
    progress: Annotated[float | None, Field(ge=0.0, le=1.0)] = None
    """
    Of a load
    """
    retry_seconds: float | None = None
    """
    After a failure: when it may be tried again.
    """


class ModelList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    models: list[Model]
    faults: Annotated[list[common.Fault], Field(validate_default=True)] = []
    """
    What is wrong in models.yaml; the entries concerned are left out.
    """


class Device(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    kind: Literal["cpu", "gpu"]
    total_mb: float
    """
    What this machine or its container may use.
    """
    used_mb: float
    free_mb: float
    models_mb: float
    """
    What the models' processes hold now.
    """
    budget_mb: float | None = None
    """
    What models may take of it.
    """
    planned_mb: float = 0
    """
    What loads under way will take.
    """
    models: Annotated[list[ModelShare], Field(validate_default=True)] = []


class Memory(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    devices: list[Device]
    models: list[Model]
    loads: list[LoadRecord]
    """
    The last loads, newest first.
    """
    history: Annotated[list[MemoryPoint], Field(validate_default=True)] = []
    """
    The last hour, oldest first.
    """


class ModelEvent(BaseModel):
    """
    Of `GET /api/models/events`: first `models` and `memory`, then what changes.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    name: Literal["models", "model", "removed", "memory"]
    models: ModelList | None = None
    model: Model | None = None
    removed: str | None = None
    memory: Memory | None = None


class ModelFile(BaseModel):
    """
    The files models.yaml and added_models.yaml.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    models: Annotated[list[ModelEntry], Field(max_length=500, validate_default=True)] = []
    changes: Annotated[list[ModelChange], Field(max_length=500, validate_default=True)] = []
    """
    What `modify_model` set, of whatever model; later ones win.
    """
