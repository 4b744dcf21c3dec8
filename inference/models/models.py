# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from typing_extensions import TypeAliasType
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from . import common


ModelState = TypeAliasType("ModelState", Literal["off", "loading", "ready", "sleeping", "unloading", "failed"])


ModelKind = TypeAliasType("ModelKind", Literal["chat", "embedding", "rerank"])


Precision = TypeAliasType("Precision", Literal["fp32", "int8"])
"""
32-bit floating point, as exact as the published model; or 8-bit integers, several times faster.
"""


class ModelEntry(BaseModel):
    """
    A model that an operator adds. A relative `source` begins at the file's folder.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: Annotated[str, Field(max_length=200, min_length=1, pattern="^[A-Za-z0-9][A-Za-z0-9._:/@-]*$")]
    kind: ModelKind
    engine: Literal["onnx", "remote"]
    """
    `onnx`: in a process of this machine; `remote`: at `OPENAI_BASE_URL`.
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


class Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    kind: ModelKind
    engine: str
    """
    `onnx`, `extractive` or `remote`.
    """
    state: ModelState
    memory_mb: float
    """
    Measured resident memory in MiB of its process; 0 when it has none.
    """
    device: str
    """
    `cpu`, or `remote` for a provider's model.
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
    description: str = ""


class ModelList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    models: list[Model]
    faults: Annotated[list[common.Fault], Field(validate_default=True)] = []
    """
    What is wrong in models.yaml; the entries concerned are left out.
    """


class ModelReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    model: Annotated[str, Field(max_length=200, min_length=1)]


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


class ModelFile(BaseModel):
    """
    The file models.yaml.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    models: Annotated[list[ModelEntry], Field(max_length=500, validate_default=True)] = []


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
