"""Pulls over the runner's control plane.

GET  /pulls                          PullList
POST /pulls           PullOrder      Pull
POST /pulls/cancel    {"pull_id"}    Pull
"""

from __future__ import annotations

from aiohttp import web

from inference.models.pulls import PullList, PullOrder, PullReference
from inference.runner.bodies import answer_typed, read_typed
from inference.runner.pulling.puller import Puller


def pull_routes(puller: Puller) -> list[web.RouteDef]:
    """To be mounted behind the control plane's token; errors are raised as the platform's own."""

    async def pulls(_: web.Request) -> web.Response:
        return answer_typed(PullList(pulls=puller.pulls()))

    async def start(request: web.Request) -> web.Response:
        return answer_typed(await puller.start(await read_typed(request, PullOrder)))

    async def cancel(request: web.Request) -> web.Response:
        return answer_typed(await puller.cancel((await read_typed(request, PullReference)).pull_id))

    return [web.get("/pulls", pulls), web.post("/pulls", start), web.post("/pulls/cancel", cancel)]
