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
    draft: dict[str, Any] | None = None
    """
    A toolchain with this id that is run as it stands, and not saved. The run's version is 0.
    """
    pinned: Annotated[dict[str, Any], Field(max_length=1000)] = {}
    """
    Results by node. Such a node, also one within others, is not done; it gives what stands here.
    """
    input: dict[str, Any] = {}
    thread_id: str | None = None
    wait: bool = False
    """
    Answer when the run has ended.
    """
    idempotency_key: Annotated[str | None, Field(max_length=200, min_length=1)] = None
    priority: Annotated[int, Field(ge=-100, le=100)] = 0
    """
    Among queued runs the higher is taken first.
    """


class Round(BaseModel):
    """
    What a node within a map or a loop finds of the round that it is done in.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    item: Any = None
    """
    In a map: the element.
    """
    index: Annotated[int, Field(ge=0, le=10000)] = 0
    """
    The round of the innermost map or loop, from 0.
    """
    last: Any = None
    """
    In a loop: what the round before gave.
    """


Result = TypeAliasType("Result", Annotated[str, Field(max_length=80)])


StateItem = TypeAliasType("StateItem", Annotated[str, Field(max_length=200)])


class RunStepRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    node: Annotated[str, Field(max_length=1000)]
    """
    A node's id, which means the last time that it was done, or its place in the run: `each[3].node`.
    """
    results: Annotated[list[Result], Field(max_length=1000)] = []
    """
    Other nodes whose results are wanted as this one found them.
    """
    state: Annotated[list[StateItem], Field(max_length=1000)] = []
    """
    State keys that are wanted as it found them.
    """


class RunStep(BaseModel):
    """
    What a node of a run was done on, and what it gave.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    place: str | None
    """
    Where in the run it was done; null when the run has not come to it.
    """
    checkpoint_id: str
    """
    The checkpoint before it; the last one when the run has not come to it.
    """
    input: dict[str, Any]
    """
    The run's input.
    """
    results: dict[str, Any]
    """
    By node, as far as they had ended.
    """
    state: dict[str, Any]
    round: Round | None
    """
    Its round, as far as the record tells it; null for a node that is not within others.
    """
    result: Any
    """
    What it gave; null while it has not ended, and for kinds that work for no result.
    """


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


class Pause(BaseModel):
    """
    Something that a run waits for.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    node: str
    """
    The node's place in the run, as in its events.
    """
    kind: Literal["approval", "event", "time"]
    title: str = ""
    event: str | None = None
    message: Any = None
    form: dict[str, Any] | None = None
    """
    A JSON Schema of the value to resume with.
    """
    until: AwareDatetime | None = None
    """
    When the run goes on by itself.
    """


class ResumeRunRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    value: Any = None
    """
    What was waited for, checked against the pause's form.
    """
    node: str | None = None
    """
    Which pause is meant; needed when there are several.
    """
    wait: bool = False
    """
    Answer when the run has ended or pauses again.
    """


class CheckpointsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    checkpoint_id: str | None = None
    """
    Only this one, with its state however large.
    """
    after: str | None = None
    """
    Only those after this checkpoint.
    """
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


Key = TypeAliasType("Key", Annotated[str, Field(max_length=200)])


class RunStateRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    keys: Annotated[list[Key] | None, Field(max_length=1000)] = None
    """
    Only these state keys; null: all.
    """


class RunState(BaseModel):
    """
    What a run's state holds after its last recorded step.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    state: dict[str, Any]
    nodes: list[str]
    """
    The places of the nodes whose writes it holds, the last 1000.
    """


class Checkpoint(BaseModel):
    """
    Where a run was after a step.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    checkpoint_id: str
    step: int
    """
    0 is the beginning; then one by one.
    """
    node: str | None
    """
    The node that had just ended; null at the beginning and for a fork's edit.
    """
    kind: str
    """
    The node's kind; `start` at the beginning, `edit` for what a fork changed.
    """
    at: AwareDatetime
    duration_ms: float | None = None
    state: dict[str, Any] | None
    """
    All state keys; null where it is too large for a list.
    """
    result: Any
    """
    The node's result; null where it is too large for a list.
    """


class CheckpointList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    checkpoints: list[Checkpoint]
    """
    Oldest first.
    """
    next_after: str | None = None


class ForkRunRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str | None = None
    checkpoint_id: str
    state: dict[str, Any] | None = None
    """
    State keys to set before the fork goes on.
    """
    draft: dict[str, Any] | None = None
    """
    A toolchain to go on with in the place of the one that was run, and not saved.
    """
    pinned: dict[str, Any] | None = None
    """
    Results by node, as in run_toolchain. Null means as in the run that is forked.
    """
    wait: bool = False


class TimeAccount(BaseModel):
    """
    Where the time of a run went, in milliseconds; work side by side counts each.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    queue_ms: float
    """
    From being asked for until a process took it.
    """
    compile_ms: float
    nodes_ms: float
    """
    In nodes, without the wait for models.
    """
    model_ms: float
    """
    Waiting for models.
    """
    checkpoint_ms: float
    """
    Storing what steps gave.
    """
    paused_ms: float
    """
    Waiting for people and events.
    """
    other_ms: float
    """
    The rest of the total: the graph, the events, the end.
    """
    total_ms: float


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
    thread_id: str | None = None
    """
    Only the runs of this thread.
    """
    status: RunStatus | None = None


class Run(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    thread_id: str
    toolchain_id: str
    toolchain_version: int
    """
    0 for a draft that was not saved.
    """
    status: RunStatus
    attempts: int
    """
    How often a worker has picked it up.
    """
    error: RunError | None = None
    pauses: Annotated[list[Pause], Field(validate_default=True)] = []
    """
    What a waiting run waits for.
    """
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
    """
    Its place: `node`, or within others `each[3].node`.
    """
    kind: str
    status: Literal["running", "completed", "failed", "skipped", "waiting"]
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
    run_started `{run_id, toolchain_id}`; node_started `{node, kind, input}`; node_finished `{node, duration_ms, output, error?}`; state `{node, path, value}`; delta `{node, path, text}`; sources `{node, sources}`; citation `{n, start, end}`; waiting `{pauses}`; run_finished `{output, duration_ms, time}`; run_failed `{error}`; run_cancelled `{}`.
    """
    at: AwareDatetime


class RunNodeRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain: dict[str, Any]
    """
    A toolchain as JSON, which need not be saved.
    """
    node: Annotated[str, Field(max_length=80)]
    """
    The node to do, also one within a map or a loop.
    """
    input: dict[str, Any] = {}
    """
    The input of the whole run; it is not checked.
    """
    state: dict[str, Any] | None = None
    """
    State keys as the node finds them; those left out are as at the beginning of a run.
    """
    results: Annotated[dict[str, Any], Field(max_length=1000)] = {}
    """
    What other nodes gave, by their ids.
    """
    round: Round | None = None
    """
    The round in which a node within others is done.
    """
    wait: bool = False
    """
    Answer when the run has ended.
    """


class RunToolchainResult(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    thread_id: str
    status: RunStatus
    output: dict[str, Any] | None = None
    error: RunError | None = None
    pauses: Annotated[list[Pause], Field(validate_default=True)] = []
    """
    What a waiting run waits for.
    """


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
    time: TimeAccount | None = None
    forked_from: str | None = None
    """
    The checkpoint that it began at.
    """
    pinned: dict[str, Any] = {}
    """
    Results that nodes were given, by node.
    """
    only_node: str | None = None
    """
    The one node that was done alone.
    """
    toolchain: dict[str, Any]
    """
    The Toolchain that was run, as it was saved.
    """
