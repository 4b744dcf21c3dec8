"""One client's WebSocket: what it asks for, and the runs that it follows.

Events are read from the database page by page as the client takes them: one that is slow costs no memory.
A run goes on when its client goes away; whoever comes back follows it after the last event seen.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from uuid import UUID

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from inference.composer import report_run
from inference.errors import InvalidInput, LimitReached, NotAuthenticated, PenstockError, Unavailable
from inference.functions import Context, find, invoke
from inference.models.sockets import FollowRequest, SocketRequest, SocketToken
from inference.server.bodies import parse_kept_object
from inference.server.problems import detail_of, known
from inference.server.routes.runs import followed_run
from inference.server.state import State

# How long a client may take to say who it is.
AUTHENTICATE_SECONDS = 10.0
MOST_FOLLOWED = 100
# A deleted key is told of at once; one that has expired is noticed within this time.
_LOOK_SECONDS = 30.0
_AWAY_SECONDS = 1.0
_CLOSE_SECONDS = 5.0
# RFC 6455, 7.4.1: a policy is violated.
_REFUSED = 1008
_LONGEST_REASON = 120

_FUNCTIONS = {"run": "run_toolchain", "resume": "resume_run", "cancel": "cancel_run"}
# A request goes on when its client has gone away, as over HTTP: what it began is not left half done.
_under_way = set[asyncio.Task[None]]()


class RunSocket:
    """A connection that was accepted."""

    def __init__(self, websocket: WebSocket, state: State, name: str, authorization: str | None) -> None:
        self._websocket, self._state, self._name = websocket, state, name
        self._authorization = authorization
        self._sending = asyncio.Lock()
        self._followed: dict[UUID, asyncio.Task[None]] = {}
        self._waits = set[asyncio.Task[None]]()

    async def serve(self) -> None:
        """Returns when the client has gone, or had to be sent away."""
        problem: PenstockError | None = None
        try:
            if self._authorization is None:
                await self._authenticate()
            problem = await self._until_gone()
        except NotAuthenticated as error:
            problem = error
        except (WebSocketDisconnect, WebSocketDisconnected):
            pass
        finally:
            await _end({*self._followed.values(), *self._waits})
        if problem:
            with contextlib.suppress(TimeoutError, WebSocketDisconnect, WebSocketDisconnected):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._send({"type": "error", "error": detail_of(problem, self._name)})
                    await self._websocket.close(_REFUSED, problem.message[:_LONGEST_REASON])

    async def _authenticate(self) -> None:
        """Takes the first message, which says who the client is. Raises NotAuthenticated."""
        try:
            async with asyncio.timeout(AUTHENTICATE_SECONDS):
                request, body = _read(parse_kept_object((await self._receive()).encode()))
            if request.type != "auth":
                raise InvalidInput("This one is another.", field="type")
            token = SocketToken.model_validate(body).token
        except TimeoutError:
            raise NotAuthenticated("Nobody said in time who this is: send an `auth` message first.") from None
        except (PenstockError, ValueError) as error:
            first = 'Without an Authorization header the first message is `{"type": "auth", "token": "sk-…"}`.'
            raise NotAuthenticated(f"{first} {known(error, self._name).message}") from None
        self._authorization = f"Bearer {token}"
        user = (await self._context()).user
        await self._answer(request.request_id, {"user_id": user.user_id, "username": user.username})

    async def _context(self) -> Context:
        return await self._state.context(self._authorization)

    async def _until_gone(self) -> PenstockError | None:
        """Answers requests until the client goes away (None), or its key is no longer good."""
        tasks = {asyncio.create_task(self._serve_requests()), asyncio.create_task(self._watch_key())}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return done.pop().result()
        finally:
            await _end(tasks)

    async def _watch_key(self) -> PenstockError:
        looked_at = asyncio.Event()

        def hear(_: str) -> None:
            looked_at.set()

        with self._state.listener.subscribe("api_key_deleted", hear):
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(looked_at.wait(), _LOOK_SECONDS)
                looked_at.clear()
                try:
                    await self._context()
                except NotAuthenticated as error:
                    return error
                except Unavailable:
                    await asyncio.sleep(_AWAY_SECONDS)

    async def _serve_requests(self) -> None:
        while True:
            try:
                text = await self._receive()
            except InvalidInput as error:
                await self._refuse(error)
                continue
            # One after the other, as they came; what a client sends in the meantime is not read.
            task = asyncio.create_task(self._handle(text))
            _under_way.add(task)
            task.add_done_callback(_under_way.discard)
            await asyncio.shield(task)

    async def _handle(self, text: str) -> None:
        request_id: str | None = None
        try:
            message = parse_kept_object(text.encode())
            named = message.get("request_id")
            request_id = named if isinstance(named, str) else None
            await self._do(*_read(message))
        except (WebSocketDisconnect, WebSocketDisconnected):
            return
        except Exception as error:
            await self._refuse(error, request_id)

    async def _do(self, request: SocketRequest, body: dict[str, Any]) -> None:
        match request.type:
            case "auth":
                raise InvalidInput("It is known who this is: `auth` comes once, at the beginning.", field="type")
            case "ping":
                await self._answer(request.request_id, {})
            case "follow" | "unfollow":
                wanted = FollowRequest.model_validate(body)
                uid = await followed_run(await self._context(), wanted.run_id)
                if request.type == "unfollow":
                    await self._unfollow(uid)
                else:
                    self._check_room(uid)
                await self._answer(request.request_id, {})
                if request.type == "follow":
                    self._follow(uid, wanted.after)
            case "run" | "resume" | "cancel":
                await self._call(request, body)

    async def _call(self, request: SocketRequest, body: dict[str, Any]) -> None:
        """Calls the function that a request is for. The events of a new run are told from the first one on; with `wait`
        the answer comes at its end."""
        self._check_room(None)
        ctx = await self._context()
        target = find(_FUNCTIONS[request.type])
        asked: Any = target.request.model_validate(body)
        waits = request.type != "cancel" and asked.wait
        result = await invoke(target, ctx, asked.model_copy(update={"wait": False}) if waits else asked)
        uid = UUID(result.run_id)
        if waits:
            task = asyncio.create_task(self._report(request.request_id, ctx, uid))
            self._waits.add(task)
            task.add_done_callback(self._waits.discard)
        else:
            await self._answer(request.request_id, result.model_dump(mode="json"))
        if request.type == "run":
            self._follow(uid, 0)

    async def _report(self, request_id: str | None, ctx: Context, uid: UUID) -> None:
        try:
            result = await report_run(ctx, uid, wait=True)
            await self._answer(request_id, result.model_dump(mode="json"))
        except (WebSocketDisconnect, WebSocketDisconnected):
            return
        except Exception as error:
            await self._refuse(error, request_id)

    def _check_room(self, uid: UUID | None) -> None:
        many = max(len(self._followed), len(self._waits)) >= MOST_FOLLOWED
        if many and uid not in self._followed:
            raise LimitReached(f"This connection follows {MOST_FOLLOWED} runs: let some go with `unfollow`.")

    def _follow(self, uid: UUID, after: int) -> None:
        """Tells the events of a run from now on; one that is followed already is told anew after `after`."""
        before = self._followed.get(uid)
        if before:
            before.cancel()
        self._followed[uid] = task = asyncio.create_task(self._tell(uid, after, before))
        task.add_done_callback(lambda _: self._followed.pop(uid) if self._followed.get(uid) is task else None)

    async def _unfollow(self, uid: UUID) -> None:
        if task := self._followed.get(uid):
            await _end({task})

    async def _tell(self, uid: UUID, after: int, before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait({before})
        run = str(uid)
        while True:
            try:
                async for event in self._state.composer.follow(await self._context(), uid, after):
                    if event:
                        told = {"type": "event", "run_id": run, "id": event.sequence}
                        await self._send(told | {"event": event.event, "data": event.data})
                        after = event.sequence
                await self._send({"type": "end", "run_id": run})
                return
            except Unavailable:
                # The database is away for a moment.
                await asyncio.sleep(_AWAY_SECONDS)
            except (WebSocketDisconnect, WebSocketDisconnected):
                return
            except Exception as error:
                await self._refuse(error, run_id=run)
                return

    async def _receive(self) -> str:
        """The next message. Raises WebSocketDisconnect, InvalidInput."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        if (text := message.get("text")) is None:
            raise InvalidInput("Messages are JSON in text frames; this one was binary.")
        return text

    async def _answer(self, request_id: str | None, result: dict[str, Any]) -> None:
        await self._send({"type": "result", "request_id": request_id, "result": result})

    async def _refuse(self, error: Exception, request_id: str | None = None, run_id: str | None = None) -> None:
        told: dict[str, Any] = {"type": "error", "error": detail_of(known(error, self._name), self._name)}
        told |= {"request_id": request_id} if request_id is not None else {}
        told |= {"run_id": run_id} if run_id is not None else {}
        with contextlib.suppress(WebSocketDisconnect, WebSocketDisconnected):
            await self._send(told)

    async def _send(self, message: dict[str, Any]) -> None:
        """Returns when the connection has taken it. One at a time: what is behind it waits for the client."""
        async with self._sending:
            await self._websocket.send_text(orjson.dumps(message).decode())


def _read(message: dict[str, Any]) -> tuple[SocketRequest, dict[str, Any]]:
    """A message's own fields, and those of what it asks for. Raises a ValueError of pydantic's."""
    own = SocketRequest.model_validate(message)
    return own, {name: value for name, value in message.items() if name not in SocketRequest.model_fields}


async def _end(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
