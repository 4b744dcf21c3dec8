# Generated from schemas/ by regenerate_models.sh: do not edit.

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Empty(BaseModel):
    """
    A request or a result without fields.
    """

    model_config = ConfigDict(
        extra="forbid",
    )


class Fault(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    path: str
    """
    Where, as a JSON path without the root: `nodes[2].input.query`.
    """
    message: str


class ErrorDetail(BaseModel):
    """
    What went wrong, in words, with the field that caused it where one did.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    type: str
    """
    The name of the error class.
    """
    message: str
    """
    What happened and the way out.
    """
    field: str | None = None
    """
    The input field at fault.
    """
    request_id: str | None = None
    faults: list[Fault] | None = None
    """
    Every fault at once, where a whole document was checked.
    """
