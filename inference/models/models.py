# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Literal
from typing_extensions import TypeAliasType
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


ModelState = TypeAliasType("ModelState", Literal["off", "loading", "ready", "sleeping", "unloading", "failed"])


ModelKind = TypeAliasType("ModelKind", Literal["chat", "embedding", "rerank"])


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
