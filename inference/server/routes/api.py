"""/api/<function>: every registered function as POST, and its help."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import Response, StreamingResponse

from inference.errors import InvalidInput, TooLarge
from inference.functions import Context, Download, Function, Upload, check_rights, find, functions, invoke
from inference.server.bodies import body_parts, parse_field, read_json_object, refuse_nul
from inference.server.problems import MalformedRequest
from inference.server.state import state_of

_PART = 1024 * 1024
# What a form may hold beside its file: field names, metadata, boundaries.
_FORM_SLACK = 1024 * 1024
_SHOWN_NAME = 100
# Scopes of those who run toolchains, now or next.
_BEFORE_RUNS = ("toolchains:", "runs:")

Endpoint = Callable[[Request], Awaitable[Response]]


def make_router() -> APIRouter:
    """A route for every function of the registry."""
    router = APIRouter(prefix="/api")
    router.add_api_route("/help", _help_all, methods=["GET"], tags=["help"], summary="All functions with their schemas")
    router.add_api_route("/help/{function}", _help_one, methods=["GET"], tags=["help"], summary="One function")
    for target in functions().values():
        router.add_api_route(
            f"/{target.name}",
            {"json": _json_door, "upload": _upload_door, "download": _download_door}[target.door](target),
            methods=["POST"],
            tags=["functions"],
            summary=target.description.partition("\n")[0],
            description=target.description,
            operation_id=target.name,
            response_model=None,
            openapi_extra=_openapi(target),
        )
    return router


def answer(result: Any, status: int = 200) -> Response:
    """`{"success": true, "result": …}`."""
    return Response(orjson.dumps({"success": True, "result": result}), status, media_type="application/json")


async def _admitted(request: Request, target: Function) -> Context:
    """The context of the caller, who may call this: asked before a byte of the body is read."""
    state = state_of(request)
    ctx = await state.context(request.headers.get("authorization"))
    check_rights(target, ctx)
    if target.scope and target.scope.startswith(_BEFORE_RUNS):
        state.composer.expect_runs()
    return ctx


def _json_door(target: Function) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        ctx = await _admitted(request, target)
        body = await read_json_object(request, ctx.settings.max_body_bytes)
        result = await invoke(target, ctx, target.request.model_validate(body))
        return answer(result.model_dump(mode="json", by_alias=True), target.status)

    return endpoint


def _download_door(target: Function) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        ctx = await _admitted(request, target)
        body = await read_json_object(request, ctx.settings.max_body_bytes)
        file: Download = await invoke(target, ctx, target.request.model_validate(body))
        return StreamingResponse(
            file.parts,
            media_type=file.content_type,
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
                "Content-Length": str(file.size),
                # A document that somebody else wrote must not run as a page of this site.
                "Content-Security-Policy": "sandbox",
            },
        )

    return endpoint


def _upload_door(target: Function) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        ctx = await _admitted(request, target)
        limit = ctx.settings.max_upload_bytes
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            raise MalformedRequest("Send the file as multipart/form-data in the field `file`.", field="file")
        stream = body_parts(dict(request.scope["headers"]), request.receive, limit, _FORM_SLACK)
        parser = _Form(request.headers, stream, max_files=1, max_fields=20, max_part_size=_FORM_SLACK)
        try:
            form = await parser.parse()
        except (MultiPartException, HTTPException) as error:
            why = str(getattr(error, "message", error)).rstrip(".")
            raise MalformedRequest(f"The form cannot be read: {why}.") from None
        try:
            result = await invoke(target, ctx, *_read_form(target, form, request.headers.get("idempotency-key")))
        finally:
            await form.close()
        return answer(result.model_dump(mode="json", by_alias=True), target.status)

    return endpoint


class _Form(MultiPartParser):
    """A form that says which of its fields is too long."""

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Takes some more of a field or file. Raises TooLarge for a field."""
        part = self._current_part
        if part.file is None and len(part.data) + end - start > self.max_part_size:
            name = part.field_name[:_SHOWN_NAME]
            way = "Send it with a file name (`filename`), as files are sent." if name == "file" else "Send less."
            raise TooLarge(f"`{name}` may take {self.max_part_size >> 20} MiB in a form. {way}", field=name)
        super().on_part_data(data, start, end)


def _read_form(target: Function, form: FormData, key: str | None) -> tuple[BaseModel, Upload]:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidInput("The form has no file: send it in the field `file`.", field="file")
    fields: dict[str, Any] = {name: value for name, value in form.items() if name != "file"}
    if isinstance(fields.get("metadata"), str):
        fields["metadata"] = parse_field(fields["metadata"], "metadata")
    if key:
        fields["idempotency_key"] = key
    refuse_nul(fields)
    upload = Upload(file.filename or "document", file.content_type or "", _parts(file))
    return target.request.model_validate(fields), upload


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while part := await file.read(_PART):
        yield part


async def _help_all() -> Response:
    return answer({"functions": [_help(target) for target in functions().values()]})


async def _help_one(function: str) -> Response:
    return answer(_help(find(function)))


def _help(target: Function) -> dict[str, Any]:
    return {
        "name": target.name,
        "description": target.description,
        "scope": target.scope,
        "admin": target.admin,
        "read_only": target.read_only,
        "node": target.is_node,
        "method": "POST",
        "path": f"/api/{target.name}",
        "content_type": "multipart/form-data" if target.door == "upload" else "application/json",
        "request": target.request.model_json_schema(by_alias=True),
        "response": _result_schema(target),
    }


def _result_schema(target: Function) -> dict[str, Any] | None:
    """None for a function whose result is a file."""
    return None if issubclass(target.result, Download) else target.result.model_json_schema(by_alias=True)


def _openapi(target: Function) -> dict[str, Any]:
    """Schemas are written out whole: each operation then stands for itself, as in /api/help."""
    schema = target.request.model_json_schema(by_alias=True)
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if target.door == "upload":
        schema["properties"] = {"file": {"type": "string", "format": "binary"}} | schema["properties"]
        content = {"multipart/form-data": {"schema": schema}}
    result = _result_schema(target)
    if result is None:
        response: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    else:
        properties = {"success": {"const": True}, "result": result}
        envelope = {"type": "object", "required": ["success", "result"], "properties": properties}
        response = {"application/json": {"schema": envelope}}
    return {
        "requestBody": {"content": content, "required": True},
        "responses": {str(target.status): {"description": "Done", "content": response}},
        "security": [{"bearer": []}] if target.scope else [],
    }
