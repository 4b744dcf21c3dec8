"""/ws/runs: runs and their events over one WebSocket, for clients that prefer it to requests and streams."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.websockets import WebSocket
from uuid_utils import uuid7

from inference.server.guard import check_origin, check_setup
from inference.server.problems import api_problem
from inference.server.run_socket import RunSocket
from inference.server.state import state_of

router = APIRouter()

PATH = "/ws/runs"


@router.websocket(PATH)
async def run_socket(websocket: WebSocket) -> None:
    """Serves one client. What forbids the connection as a whole is said in HTTP, before it becomes a WebSocket."""
    name = str(uuid7())
    authorization = websocket.headers.get("authorization") or None
    try:
        check_origin(websocket)
        await check_setup(websocket)
        await state_of(websocket).context(authorization)
    except Exception as error:
        await websocket.send_denial_response(api_problem(error, name))
        return
    await websocket.accept()
    await RunSocket(websocket, state_of(websocket), name, authorization).serve()
