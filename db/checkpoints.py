"""Where a graph was, kept so that any process can go on from there."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, cast

from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    DeltaChannelHistory,
    PendingWrite,
    get_checkpoint_id,
    get_serializable_checkpoint_metadata,
)

from db.checkpoint_rows import LAST, CheckpointRow, CheckpointTable, Entry, Place, ValueRow, WriteRow
from db.group_commit import GroupCommit
from inference.errors import InvalidInput

if TYPE_CHECKING:
    from asyncpg import Record
    from langchain_core.runnables import RunnableConfig
    from langgraph.checkpoint.serde.base import SerializerProtocol

    from db.pool import Pool

# Fields of a checkpoint that have columns or rows of their own.
_APART = {"id", "channel_values", "channel_versions"}
# An entry of more bytes goes alone, on another connection: small ones do not wait until it is on the disk. Well above
# what a step writes usually, and what a disk takes in about a millisecond.
_LARGE = 256 * 1024


class CheckpointSaver(BaseCheckpointSaver[str]):
    """LangGraph's checkpoints in PostgreSQL, for graphs that run asynchronously.

    A checkpoint is a row and one row for each value that changed: what a step costs does not depend on those before it.
    Each `aput` and `aput_writes` returns when it is on the disk; what a process keeps at the same time is committed
    together, and so are the writes of a super-step and the checkpoint that follows it. Reading takes one statement.
    No connection or transaction is held between calls.

    Errors: InvalidInput for a value that cannot be kept or a configuration without a thread, Conflict for copying into
    a thread that is there, DatabaseUnreachable when the connection is lost (what was being kept then may have been).
    """

    def __init__(self, pool: Pool, *, serde: SerializerProtocol | None = None) -> None:
        super().__init__(serde=serde)
        self._table = CheckpointTable(pool)
        self._small = GroupCommit(self._table.write)
        self._large = GroupCommit(self._table.write, most=1)

    async def close(self) -> None:
        """Returns when all that was given is on the disk. To be called before the pool is closed."""
        await self._small.close()
        await self._large.close()

    def get_next_version(self, current: str | None, channel: None) -> str:
        """A count for the order, and 48 random bits: two branches of a thread never share a version."""
        count = int(current.partition(".")[0]) if current else 0
        return f"{count + 1:010}.{random.getrandbits(48):012x}"

    # Keeping

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        place = _place(config)
        values = checkpoint["channel_values"]
        body = self._dumped("the checkpoint", {key: part for key, part in checkpoint.items() if key not in _APART})
        row = CheckpointRow(
            *place,
            id=checkpoint["id"],
            parent=get_checkpoint_id(config) or None,
            channel_versions={channel: str(version) for channel, version in checkpoint["channel_versions"].items()},
            body_type=body[0],
            body=body[1],
            metadata=dict(get_serializable_checkpoint_metadata(config, metadata)),
        )
        changed = [
            ValueRow(*place, channel, str(version), *self._dumped(f"'{channel}'", values[channel]))
            for channel, version in new_versions.items()
            if channel in values
        ]
        await self._keep(Entry(checkpoints=[row], values=changed))
        return _config(place, row.id)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        place, checkpoint = _place(config), get_checkpoint_id(config)
        if not checkpoint:
            raise InvalidInput("Writes belong to a checkpoint: give its id as configurable.checkpoint_id.")
        rows = [
            WriteRow(
                *place, checkpoint, task_id, WRITES_IDX_MAP.get(channel, position), task_path, channel,
                *self._dumped(f"'{channel}'", value),
            )
            for position, (channel, value) in enumerate(writes)
        ]  # fmt: skip
        if rows:
            await self._keep(Entry(writes=rows))

    async def _keep(self, entry: Entry) -> None:
        await (self._large if entry.size > _LARGE else self._small).write(entry)

    def _dumped(self, name: str, value: Any) -> tuple[str, bytes]:
        try:
            return self.serde.dumps_typed(value)
        except (TypeError, ValueError) as error:
            raise InvalidInput(f"The value of {name} cannot be kept: {error}. Keep plain data in the state.") from error

    # Reading

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        row = await self._table.get(_place(config), get_checkpoint_id(config) or None)
        return self._tuple(row) if row else None

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        bound = (get_checkpoint_id(before) if before else None) or LAST
        async for row in self._listed(config, bound, filter or {}, limit):
            yield self._tuple(row)

    def _listed(
        self, config: RunnableConfig | None, before: str, metadata: dict[str, Any], limit: int | None
    ) -> AsyncGenerator[Record]:
        configurable = config.get("configurable", {}) if config else {}
        thread, namespace = configurable.get("thread_id"), configurable.get("checkpoint_ns")
        checkpoint = get_checkpoint_id(config) if config else None
        if thread is not None and namespace is not None and not checkpoint:
            return self._table.list(Place(str(thread), namespace), before, metadata, limit)
        wanted = (None if thread is None else str(thread), namespace, checkpoint or None)
        return self._table.search(wanted, before, metadata, limit)

    async def aget_delta_channel_history(
        self, *, config: RunnableConfig, channels: Sequence[str]
    ) -> Mapping[str, DeltaChannelHistory]:
        history: dict[str, DeltaChannelHistory] = {channel: {"writes": []} for channel in channels}
        if not history:
            return history
        checkpoint = get_checkpoint_id(config) or None
        for row in await self._table.delta_history(_place(config), checkpoint, [*history]):
            channel: str = row["channel"]
            value = self.serde.loads_typed((row["value_type"], row["value"]))
            if row["seed"]:
                history[channel]["seed"] = value
            else:
                history[channel]["writes"].append((row["task_id"], channel, value))
        return history

    def _tuple(self, row: Record) -> CheckpointTuple:
        place = Place(row["thread_id"], row["checkpoint_ns"])
        loads = self.serde.loads_typed
        values = zip(row["channels"] or (), row["value_types"] or (), row["channel_values"] or (), strict=True)
        writes = zip(
            row["write_tasks"] or (), row["write_channels"] or (), row["write_types"] or (), row["write_values"] or (),
            strict=True,
        )  # fmt: skip
        checkpoint = loads((row["body_type"], row["body"])) | {
            "id": row["checkpoint_id"],
            "channel_versions": row["channel_versions"],
            "channel_values": {channel: loads((kind, value)) for channel, kind, value in values},
        }
        pending: list[PendingWrite] = [(task, channel, loads((kind, value))) for task, channel, kind, value in writes]
        return CheckpointTuple(
            config=_config(place, row["checkpoint_id"]),
            checkpoint=cast("Checkpoint", checkpoint),
            metadata=row["metadata"],
            parent_config=_config(place, row["parent_id"]) if row["parent_id"] else None,
            pending_writes=pending,
        )

    # Deleting and copying

    async def adelete_thread(self, thread_id: str) -> None:
        await self._table.delete_threads([str(thread_id)])

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        """Deletes what the runs left, except what a channel kept as deltas is made of in a checkpoint that stays."""
        await self._table.thin(runs=[str(run) for run in run_ids])

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """`keep_latest`: of each namespace the newest checkpoint stays, and what its channels kept as deltas are made
        of; `delete`: nothing does. To be done while the threads are at rest: a branch that begins meanwhile at an older
        checkpoint would lose its values."""
        threads = [str(thread) for thread in thread_ids]
        if strategy == "keep_latest":
            await self._table.thin(threads=threads)
        elif strategy == "delete":
            await self._table.delete_threads(threads)
        else:
            raise InvalidInput(f"'{strategy}' is no strategy for pruning. Use keep_latest or delete.")

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        await self._table.copy_thread(str(source_thread_id), str(target_thread_id))

    # What would wait for the database on the thread of the event loop

    def _not_here(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError(
            "Checkpoints are kept asynchronously: run the graph with `ainvoke` or `astream`, read its state with "
            "`aget_state`, and call the saver's own methods that begin with `a`."
        )

    get_tuple = put = put_writes = delete_thread = delete_for_runs = copy_thread = prune = _not_here
    get_delta_channel_history = list = _not_here


def _place(config: RunnableConfig) -> Place:
    configurable = config.get("configurable", {})
    thread = configurable.get("thread_id")
    if thread is None:
        raise InvalidInput("A checkpoint belongs to a thread: give its id as configurable.thread_id.")
    return Place(str(thread), configurable.get("checkpoint_ns") or "")


def _config(place: Place, checkpoint: str) -> RunnableConfig:
    return {"configurable": {"thread_id": place.thread, "checkpoint_ns": place.namespace, "checkpoint_id": checkpoint}}
