# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from typing import Annotated, Literal
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType


File = TypeAliasType("File", Annotated[str, Field(max_length=500, min_length=1)])


class PullOrder(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    source: Annotated[
        str, Field(max_length=193, min_length=3, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$")
    ]
    """
    Its name at the hub, `owner/name`.
    """
    revision: Annotated[str, Field(max_length=200, min_length=1, pattern="^[A-Za-z0-9][A-Za-z0-9._/-]*$")] = "main"
    """
    A branch, tag or commit.
    """
    files: Annotated[list[File], Field(max_length=50)] = []
    """
    Patterns of the files wanted, such as `*Q4_K_M.gguf`; without any, those that its engine reads. Only weights as safetensors, GGUF or ONNX, JSON and tokenizers' files are taken, never pickles or code.
    """


PullState = TypeAliasType("PullState", Literal["queued", "running", "done", "failed", "cancelled"])


class Pull(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str
    source: str
    revision: str
    """
    The commit that it is pulled at.
    """
    state: PullState
    bytes_done: int
    bytes_total: int
    files_done: int
    files_total: int
    file: str = ""
    """
    The file that is on its way.
    """
    error: str | None = None
    """
    Why it failed, in words.
    """
    folder: str
    """
    Where it lies once it is done: the `source` for models.yaml and add_model.
    """


class PullList(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    pulls: list[Pull]
    """
    Those since the runner started, newest first.
    """


class PullReference(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    pull_id: Annotated[str, Field(max_length=64, min_length=1)]
