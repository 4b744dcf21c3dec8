"""How an error crosses the runner's HTTP control plane: `{"error": {"type", "message", "field"}}` and back."""

from __future__ import annotations

from typing import Any, cast

from inference.errors import InvalidInput, NotAuthenticated, NotFound, PenstockError, Unavailable, UpstreamFailed

_CLASSES: dict[str, type[PenstockError]] = {
    cls.__name__: cls for cls in (InvalidInput, NotAuthenticated, NotFound, Unavailable, UpstreamFailed)
}


def problem(error: PenstockError) -> dict[str, Any]:
    return {"error": {"type": type(error).__name__, "message": error.message, "field": error.field}}


def error_of(status: int, body: object) -> PenstockError:
    """The error that an answer with a status of 400 or more tells."""
    detail = cast("dict[str, Any]", body).get("error") if isinstance(body, dict) else None
    if isinstance(detail, dict):
        known = cast("dict[str, Any]", detail)
        if cls := _CLASSES.get(str(known.get("type"))):
            return cls(str(known.get("message")), field=cast("str | None", known.get("field")))
    return Unavailable(f"The runner answered with status {status} and no explanation. Its log tells more.")
