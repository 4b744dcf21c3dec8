"""How an error crosses the runner's HTTP control plane: `{"error": {"type", "message", "field"}}` and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from inference.errors import (
    Conflict,
    InvalidInput,
    NotAuthenticated,
    NotFound,
    PenstockError,
    Unavailable,
    UpstreamFailed,
)

if TYPE_CHECKING:
    from inference.models.common import Fault

_CLASSES: dict[str, type[PenstockError]] = {
    cls.__name__: cls for cls in (Conflict, InvalidInput, NotAuthenticated, NotFound, Unavailable, UpstreamFailed)
}


def problem(error: PenstockError) -> dict[str, Any]:
    faults = [fault.model_dump() for fault in error.faults or []]
    return {
        "error": {
            "type": type(error).__name__,
            "message": error.message,
            "field": error.field,
            "faults": faults or None,
        }
    }


def error_of(status: int, body: object) -> PenstockError:
    """The error that an answer with a status of 400 or more tells."""
    detail = cast("dict[str, Any]", body).get("error") if isinstance(body, dict) else None
    if isinstance(detail, dict):
        known = cast("dict[str, Any]", detail)
        if cls := _CLASSES.get(str(known.get("type"))):
            field = cast("str | None", known.get("field"))
            return cls(str(known.get("message")), field=field, faults=_faults(known.get("faults")))
    return Unavailable(f"The runner answered with status {status} and no explanation. Its log tells more.")


def _faults(given: object) -> list[Fault] | None:
    if not isinstance(given, list):
        return None
    from inference.models.common import Fault  # noqa: PLC0415 - engines hear of none, and stay small

    return [Fault.model_validate(fault) for fault in cast("list[object]", given)]
