# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Any, Literal
from pydantic import BaseModel, ConfigDict, Field
from . import common, runs


class SocketRequest(BaseModel):
    """
    What a client sends. Beside these fields stand those of the request: `auth` SocketToken, `run` RunToolchainRequest, `follow` and `unfollow` FollowRequest, `resume` ResumeRunRequest, `cancel` RunReference, `ping` none.
    """

    model_config = ConfigDict(
        extra="allow",
    )
    type: Literal["auth", "run", "follow", "unfollow", "resume", "cancel", "ping"]
    request_id: Annotated[str | None, Field(max_length=100)] = None
    """
    Comes back with the answer.
    """


class SocketToken(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    token: Annotated[str, Field(max_length=4096, min_length=1)]
    """
    An API key, or the token of a log-in.
    """


class FollowRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    run_id: str
    after: Annotated[int, Field(ge=0, le=2147483647)] = 0
    """
    The id of the last event seen.
    """


class SocketEvent(BaseModel):
    """
    An event of a followed run, as SSE tells it.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["event"]
    run_id: str
    id: int
    """
    Monotone per run.
    """
    event: runs.RunEventName
    data: dict[str, Any]


class SocketEnd(BaseModel):
    """
    A followed run has ended; all of its events were told.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["end"]
    run_id: str


class SocketResult(BaseModel):
    """
    What a request gave.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["result"]
    request_id: str | None = None
    result: dict[str, Any]


class SocketProblem(BaseModel):
    """
    A request was refused, or a run can no longer be followed.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    type: Literal["error"]
    request_id: str | None = None
    run_id: str | None = None
    error: common.ErrorDetail
