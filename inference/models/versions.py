# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class ToolchainVersionsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    before_version: Annotated[int | None, Field(ge=1, le=2147483647)] = None
    """
    Only versions older than this one.
    """


class ToolchainVersion(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    version: int
    title: str
    note: str
    """
    What whoever published it said of it.
    """
    published: bool
    """
    Whether runs that name no version take this one.
    """
    created_at: AwareDatetime | None
    """
    Null for a shipped toolchain.
    """


class ToolchainVersionList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    versions: list[ToolchainVersion]
    """
    Newest first.
    """
    next_before_version: int | None = None


class PublishToolchainRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    version: Annotated[int | None, Field(ge=1, le=2147483647)] = None
    """
    Null means the latest.
    """
    note: Annotated[str | None, Field(max_length=2000)] = None
    """
    What is new in it. Null leaves what was said before.
    """


class RollBackToolchainRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    version: Annotated[int, Field(ge=1, le=2147483647)]
    """
    The version to go back to.
    """


class PublishedToolchain(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    version: int
    """
    The version that is published now.
    """


class DiffToolchainVersionsRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]
    from_version: Annotated[int, Field(ge=1, le=2147483647)]
    to_version: Annotated[int | None, Field(ge=1, le=2147483647)] = None
    """
    Needed unless `toolchain` is given.
    """
    toolchain: dict[str, Any] | None = None
    """
    A draft in the place of `to_version`. It may have faults.
    """


class Difference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    path: str
    """
    Where. Nodes and edges are named, not counted: `nodes.search.input.limit`, `edges.start->search`.
    """
    change: Literal["added", "removed", "changed", "reordered"]
    """
    `reordered`: the same things in another order; `before` and `after` are their names.
    """
    before: Any = None
    after: Any = None


class ToolchainDifferences(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    from_version: int
    to_version: int | None
    """
    Null for a draft.
    """
    differences: list[Difference]


class ToolchainUseRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: Annotated[str, Field(max_length=80)]


class VersionUse(BaseModel):
    """
    Who runs a version.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    version: int
    """
    0: drafts that were tried.
    """
    runs: int
    """
    Of the last runs that were counted.
    """
    open_runs: int
    """
    Those that are queued, running or waiting.
    """
    last_run_at: AwareDatetime


class VersionPin(BaseModel):
    """
    Another toolchain that runs a certain version of this one.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    toolchain_id: str
    title: str
    version: int | None
    """
    Null: that which runs take.
    """


class ToolchainUse(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    counted: int
    """
    How many of its last runs were looked at.
    """
    versions: list[VersionUse]
    """
    Newest first.
    """
    schedules: int
    """
    Schedules that run it in the version that runs take.
    """
    webhooks: int
    """
    Webhooks that run it in the version that runs take.
    """
    subchains: list[VersionPin]
    """
    Toolchains, as they were saved last, whose nodes run it.
    """


class ToolchainInterface(BaseModel):
    """
    What programs need to run a toolchain.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    version: int
    input_schema: dict[str, Any]
    """
    A JSON Schema of the input.
    """
    output_schema: dict[str, Any]
    """
    A JSON Schema of the output, as far as the toolchain tells it.
    """
    python: str
    """
    A module with typed input and output and one function; it needs nothing but Python 3.11.
    """
    typescript: str
    """
    The same for TypeScript; it needs nothing but `fetch`.
    """
    curl: str
    """
    A call from a shell.
    """
