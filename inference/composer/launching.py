"""From a toolchain's id and an input to a run that is written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator

from db import Listener, NewRun, SavedToolchain, Storage
from inference.composer.catalogue import digest, find_toolchain
from inference.composer.engine import Engine
from inference.composer.events import ENDED, follow
from inference.composer.validation import read_toolchain
from inference.errors import Conflict, InvalidInput
from inference.functions import Context, new_id, no_such
from inference.models.runs import Run, RunEvent


class Composer:
    """The composer's face within a process: it launches runs, carries the interactive ones, and follows any.

    As a callable it is the `launch` of function contexts: it queues a run for a worker within a transaction.
    """

    def __init__(self, storage: Storage, listener: Listener) -> None:
        self._storage, self._listener = storage, listener
        self._engine: Engine | None = None

    def open(self, ctx: Context) -> Engine:
        """Begins to carry runs; `ctx` is what their functions will be lent, without a caller."""
        self._engine = Engine(ctx, self._listener)
        return self._engine

    async def close(self) -> None:
        if self._engine:
            await self._engine.close()

    async def __call__(self, ctx: Context, work: Storage, toolchain_id: str, input: dict[str, Any]) -> UUID:
        toolchain = await find_toolchain(work, ctx.user, toolchain_id)
        run = await self._write_down(ctx, work, toolchain, input)
        await work.queue.put(run.uid)
        return run.uid

    async def start(
        self,
        ctx: Context,
        toolchain_id: str,
        input: dict[str, Any],
        *,
        version: int | None = None,
        thread: UUID | None = None,
        idempotency_key: str | None = None,
        work: Storage | None = None,
    ) -> UUID:
        """Writes a run down and carries it in this process at once. Given a transaction in `work`, the caller calls
        `carry` when that has been committed."""
        toolchain = await find_toolchain(work or self._storage, ctx.user, toolchain_id, version)
        if work:
            return (await self._write_down(ctx, work, toolchain, input, thread, idempotency_key)).uid
        async with self._storage.transaction() as transaction:
            run = await self._write_down(ctx, transaction, toolchain, input, thread, idempotency_key)
        self.carry(run.uid)
        return run.uid

    def carry(self, uid: UUID) -> None:
        """Carries a run in this process. It goes on when whoever asked for it has gone away."""
        if self._engine is None:
            raise RuntimeError("open() comes first")
        self._engine.start(uid)

    async def follow(self, ctx: Context, uid: UUID, after: int = 0) -> AsyncIterator[RunEvent | None]:
        """The events of a run of the caller after `after`, to the last; None as a sign of life. Raises NotFound."""
        record = await self._storage.runs.detail(ctx.user.key, uid)
        if record is None:
            raise no_such("run", str(uid), "run_id")
        async for event in follow(self._storage, self._listener, record.id, uid, ctx.user.key, after):
            yield event

    async def wait(self, ctx: Context, uid: UUID) -> Run:
        """The run when it has ended."""
        async for _ in self.follow(ctx, uid):
            continue
        run = await self._storage.runs.get(ctx.user.key, uid)
        if run is None or run.status not in ENDED:
            raise no_such("run", str(uid), "run_id")
        return run

    async def _write_down(
        self,
        ctx: Context,
        work: Storage,
        toolchain: SavedToolchain,
        given: dict[str, Any],
        thread: UUID | None = None,
        idempotency_key: str | None = None,
    ) -> NewRun:
        read_toolchain(toolchain.definition)
        scopes = ctx.user.scopes
        run = NewRun(
            uid=new_id(),
            user=ctx.user.key,
            scopes=None if scopes is None else sorted(scopes),
            thread=thread or new_id(),
            toolchain_id=toolchain.id,
            toolchain_version=toolchain.version,
            definition_hash=digest(toolchain.definition),
            input=checked_input(toolchain.definition, given),
            idempotency_key=idempotency_key,
        )
        await work.toolchains.define(run.definition_hash, toolchain.definition)
        if not await work.runs.create(run):
            raise RepeatedRun(idempotency_key or "")
        return run


class RepeatedRun(Conflict):
    """The idempotency key was used before; the caller looks up what for."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The idempotency key {key!r} was used before.", field="idempotency_key")
        self.key = key


def checked_input(definition: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The input with the schema's defaults for what is left out. Raises InvalidInput naming the field."""
    schema = definition.get("input", {"type": "object"})
    properties: dict[str, Any] = schema.get("properties", {})
    whole = {name: field["default"] for name, field in properties.items() if "default" in field} | given
    validator: Any = Draft202012Validator(schema)
    try:
        fault = next(validator.iter_errors(whole), None)
    except Exception as error:  # a reference that leads nowhere, or in circles: jsonschema has no common error for them
        raise InvalidInput(
            f"The toolchain's input schema cannot be applied: {str(error)[:300]}", field="toolchain.input"
        ) from error
    if fault:
        where = ".".join(["input", *(str(part) for part in fault.absolute_path)])
        raise InvalidInput(f"{where}: {fault.message[:300]}", field=where)
    return whole
