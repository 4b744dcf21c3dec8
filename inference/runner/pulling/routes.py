"""Pulls over the runner's control plane.

GET  /pulls                          PullList
POST /pulls           PullOrder      Pull
POST /pulls/cancel    {"pull_id"}    Pull
"""

from __future__ import annotations

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from inference.errors import InvalidInput
from inference.models.pulls import PullList, PullOrder, PullReference
from inference.runner.pulling.puller import Puller

T = TypeVar("T", bound=BaseModel)


def pull_routes(puller: Puller) -> list[web.RouteDef]:
    """To be mounted behind the control plane's token; errors are raised as the platform's own."""

    async def pulls(_: web.Request) -> web.Response:
        return _json(PullList(pulls=puller.pulls()))

    async def start(request: web.Request) -> web.Response:
        return _json(await puller.start(await _read(request, PullOrder)))

    async def cancel(request: web.Request) -> web.Response:
        return _json(await puller.cancel((await _read(request, PullReference)).pull_id))

    return [web.get("/pulls", pulls), web.post("/pulls", start), web.post("/pulls/cancel", cancel)]


async def _read(request: web.Request, shape: type[T]) -> T:
    try:
        return shape.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"`{field}`: {first['msg']}", field=field) from None


def _json(value: BaseModel) -> web.Response:
    return web.Response(body=value.model_dump_json().encode(), content_type="application/json")
