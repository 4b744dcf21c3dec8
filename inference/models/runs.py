# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from typing_extensions import TypeAliasType
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


RunStatus = TypeAliasType(
    "RunStatus", Literal["queued", "running", "waiting", "completed", "failed", "cancelled", "dead"]
)


class RunToolchainRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    version: Annotated[int | None, Field(ge=1, le=2147483647)] = None
    input: dict[str, Any] = {}
    thread_id: str | None = None
    wait: bool = False
    """
    Answer when the run has ended.
    """
    idempotency_key: Annotated[str | None, Field(max_length=200, min_length=1)] = None


class RunError(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: str
    message: str
    node: str | None = None
    """
    The node that failed.
    """


class RunReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str


class RunsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    before: str | None = None
    """
    Only runs older than this run id.
    """
    toolchain_id: str | None = None
    status: RunStatus | None = None


class Run(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    thread_id: str
    toolchain_id: str
    toolchain_version: int
    status: RunStatus
    attempts: int
    """
    How often a worker has picked it up.
    """
    error: RunError | None = None
    created_at: AwareDatetime
    started_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None


class RunList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    runs: list[Run]
    next_before: str | None = None


class NodeRun(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    node: str
    kind: str
    status: Literal["running", "completed", "failed"]
    started_at: AwareDatetime
    duration_ms: float | None = None
    input: Any = None
    output: Any = None
    error: str | None = None


RunEventName = TypeAliasType(
    "RunEventName",
    Literal[
        "run_started",
        "node_started",
        "node_finished",
        "state",
        "delta",
        "sources",
        "citation",
        "waiting",
        "run_finished",
        "run_failed",
        "run_cancelled",
    ],
)


class RunEvent(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    sequence: int
    """
    The SSE `id:`, monotone per run, from 1.
    """
    event: RunEventName
    data: dict[str, Any]
    """
    run_started `{run_id, toolchain_id}`; node_started `{node, kind, input}`; node_finished `{node, duration_ms, output, error?}`; state `{node, path, value}`; delta `{node, path, text}`; sources `{node, sources}`; citation `{n, start, end}`; run_finished `{output, duration_ms}`; run_failed `{error}`; run_cancelled `{}`.
    """
    at: AwareDatetime


class RunToolchainResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    thread_id: str
    status: RunStatus
    output: dict[str, Any] | None = None
    error: RunError | None = None


class RunDetail(Run):
    """
    A run with what went in, what came out, and what happened between.
    """

    input: dict[str, Any]
    output: dict[str, Any] | None
    nodes: list[NodeRun]
    """
    What each node did, in the order of their starts.
    """
    toolchain: dict[str, Any]
    """
    The Toolchain that was run, as it was saved.
    """
