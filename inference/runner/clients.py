"""The processes that hold leases, each behind a connection: their messages to the pool, and the pool's to them.

The messages are those of `leasing.py`, the other end.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from inference.errors import InvalidInput, PenstockError
from inference.runner import Lease
from inference.runner.messages import Announced, ClientGone, Hurried, LeaseWanted, Message, Released, Used
from inference.runner.wire import problem

MOST_ANNOUNCED = 64
LONGEST_NAME = 200  # as ModelReference in schemas/models.yaml


@dataclass(slots=True, eq=False)
class Client:
    """A connected process. `holder` is what people know it by; `engine_of`, the model whose engine it is, if it is."""

    id: str
    holder: str
    engine_of: str
    send: Callable[[dict[str, Any]], None]
    asked: dict[int, asyncio.Future[Lease]] = field(default_factory=dict[int, "asyncio.Future[Lease]"])


class Clients:
    """All of them. `tell` is the pool's inbox; `served_by` names the model of this machine whose engine answers for a
    model, or None; `elsewhere` leases one that is not of this machine, or raises."""

    def __init__(
        self, tell: Callable[[Message], None], served_by: Callable[[str], str | None], elsewhere: Callable[[str], Lease]
    ) -> None:
        self._tell = tell
        self._served_by = served_by
        self._elsewhere = elsewhere
        self._clients: dict[str, Client] = {}
        self._ids = itertools.count(1)

    def connect(self, holder: str, engine_of: str, send: Callable[[dict[str, Any]], None]) -> Client:
        client = Client(f"{holder}:{next(self._ids)}", holder, engine_of, send)
        self._clients[client.id] = client
        return client

    def disconnect(self, client: Client) -> None:
        """It holds and waits for nothing any more."""
        if self._clients.pop(client.id, None):
            for answer in client.asked.values():
                answer.cancel()
            self._tell(ClientGone(client.id))

    def holder(self, client: str) -> str:
        found = self._clients.get(client)
        return found.holder if found else "gone"

    def receive(self, client: Client, message: Mapping[str, Any]) -> None:
        """Takes what a client says. Raises InvalidInput where that is not in the protocol."""
        match message:
            case {"lease": int(number), "model": str(model)} if 0 < len(model) <= LONGEST_NAME:
                self._lease(client, number, model, urgent=message.get("urgent") is not False)
            case {"cancel": int(number)}:
                if answer := client.asked.pop(number, None):
                    answer.cancel()
            case {"release": list()}:
                self._tell(Released(client.id, _texts(message["release"])))
            case {"used": dict()}:
                self._tell(Used(client.id, _uses(message["used"])))
            case {"announce": list()}:
                announced = _texts(message["announce"])[:MOST_ANNOUNCED]
                self._tell(Announced([base for model in announced if (base := self._served_by(model))]))
            case _:
                raise InvalidInput("A message about leases is none of those in inference/runner/leasing.py.")

    def recall(self, client: str, leases: Sequence[str]) -> None:
        self._send(client, {"recall": list(leases)})

    def gone(self, client: str, leases: Sequence[str]) -> None:
        self._send(client, {"gone": list(leases)})

    def _send(self, client: str, message: dict[str, Any]) -> None:
        if found := self._clients.get(client):
            found.send(message)

    def _lease(self, client: Client, number: int, model: str, *, urgent: bool) -> None:
        if under_way := client.asked.get(number):
            if urgent:
                self._tell(Hurried(under_way))
            return
        base = self._served_by(model)
        if base is None:
            try:
                client.send({"granted": number, "lease": asdict(self._elsewhere(model))})
            except PenstockError as error:
                client.send({"refused": number, **problem(error)})
            return
        answer: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()
        client.asked[number] = answer
        adapter = "" if base == model else model
        answer.add_done_callback(lambda answer: self._answer(client, number, answer, adapter))
        self._tell(LeaseWanted(base, answer, client.id, urgent, client.engine_of))

    def _answer(self, client: Client, number: int, answer: asyncio.Future[Lease], adapter: str) -> None:
        if answer.cancelled():
            return
        client.asked.pop(number, None)
        error = answer.exception()
        if error is None:
            lease = answer.result()
            lease = replace(lease, model=adapter) if adapter else lease
            client.send({"granted": number, "lease": asdict(lease)})
        elif isinstance(error, PenstockError):
            client.send({"refused": number, **problem(error)})


def _texts(given: list[object]) -> list[str]:
    return [text for text in given if isinstance(text, str)]


def _uses(given: Mapping[object, object]) -> dict[str, tuple[int, int]]:
    """Raises InvalidInput."""
    uses: dict[str, tuple[int, int]] = {}
    for name, told in given.items():
        match told:
            case [int(in_flight), int(count)] if isinstance(name, str) and in_flight >= 0 and count >= 0:
                uses[name] = (in_flight, count)
            case _:
                raise InvalidInput("Uses are told as [in flight, since the last report].")
    return uses
