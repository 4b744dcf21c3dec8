"""From an error to an HTTP answer: the one place where that happens. /api and /v1 each have their own shape."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from pydantic import ValidationError
from starlette.responses import Response

from inference.errors import InvalidInput, PenstockError, RunFailed, TooManyRequests
from inference.models.common import ErrorDetail
from inference.models.runs import RunError

_log = logging.getLogger(__name__)


class MalformedRequest(InvalidInput):
    """The body is not what the content type says."""

    status = 400


class MethodNotAllowed(PenstockError):
    """The path is there and does not take this method."""

    status = 405


class SetupNeeded(PenstockError):
    """Nobody has an account here yet."""

    status = 403


class ForeignOrigin(PenstockError):
    """A page of another site sent this request."""

    status = 403


def error_of_run(error: RunError | None) -> RunFailed:
    """The error that ended a run, as if it had happened here."""
    if error is None:
        return RunFailed("RunEnded", "The run ended without a result.")
    return RunFailed(error.type, error.message)


def known(error: Exception, request_id: str) -> PenstockError:
    """The error as one that callers may see; what nobody foresaw is logged under the request's id and says nothing of
    itself."""
    if isinstance(error, PenstockError):
        return error
    if isinstance(error, ValidationError):
        return invalid(error)
    _log.error("unforeseen error in request %s", request_id, exc_info=error)
    return PenstockError("Something unforeseen happened. The server's log tells more under this request's id.")


def invalid(error: ValidationError) -> InvalidInput:
    """The first fault of a request, by its field."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if fault["type"] == "json_invalid":
        return MalformedRequest(f"The body is not JSON: {fault['msg']}.")
    field = ".".join(str(part) for part in fault["loc"])
    words = {"extra_forbidden": "there is no such argument", "missing": "it is missing"}.get(
        fault["type"], fault["msg"]
    )
    return InvalidInput(f"{field or 'body'}: {words}", field=field or None)


def detail_of(problem: PenstockError, request_id: str | None) -> dict[str, Any]:
    """An error as callers see it."""
    detail = ErrorDetail(
        type=problem.name,
        message=problem.message,
        field=problem.field,
        request_id=request_id,
        faults=problem.faults,
    )
    return detail.model_dump(exclude_none=True)


def api_problem(error: Exception, request_id: str) -> Response:
    """`{"success": false, "error": {…}}`."""
    problem = known(error, request_id)
    body = {"success": False, "error": detail_of(problem, request_id)}
    return Response(orjson.dumps(body), problem.status, headers(problem), "application/json")


_OPENAI_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "server_error",
    501: "server_error",
    502: "upstream_error",
    503: "service_unavailable",
    504: "timeout_error",
}


def openai_error(problem: PenstockError) -> dict[str, Any]:
    """`{"error": {…}}` as OpenAI writes it."""
    kind = _OPENAI_TYPES.get(problem.status, "invalid_request_error")
    code = "model_not_found" if problem.status == 404 and problem.field in ("model", None) else problem.name
    return {"error": {"message": problem.message, "type": kind, "param": problem.field, "code": code}}


_ANTHROPIC_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    501: "api_error",
    502: "api_error",
    503: "overloaded_error",
    504: "timeout_error",
}


def anthropic_error(problem: PenstockError) -> dict[str, Any]:
    """`{"type": "error", "error": {…}}` as Anthropic writes it."""
    kind = _ANTHROPIC_TYPES.get(problem.status, "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": problem.message}}


def openai_problem(error: Exception, request_id: str) -> Response:
    """An error in OpenAI's shape. Bad input is 400 there."""
    problem = known(error, request_id)
    status = 400 if problem.status == 422 else problem.status
    return Response(orjson.dumps(openai_error(problem)), status, headers(problem), "application/json")


def headers(problem: PenstockError) -> dict[str, str]:
    """What an error says in headers."""
    if isinstance(problem, TooManyRequests):
        return {"Retry-After": str(problem.retry_after)}
    if problem.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": "2"} if problem.status == 503 else {}
