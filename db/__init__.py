"""The database: every SQL statement lies in db/sql, and these classes run them.

    storage = await open_storage(url)          # migrates when the schema's files have changed
    async with storage.transaction() as work:  # the same classes, all in one transaction
        await work.runs.create(...)
        await work.queue.put(...)

Storage knows nothing of rights beyond the `user` key that callers pass: what belongs to others is not found.
Identities inside are bigint, outside UUIDv7. Errors: DatabaseUnreachable and DatabaseUnsuitable (both 503) when
opening; after that DatabaseUnreachable when the connection is lost, DatabaseFull when the disk is full (503, too), and
InvalidInput for values that fit nowhere.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from db.accounts import Account, Accounts, ApiKeys, KeyHolder
from db.bm25 import (
    MOST_METADATA_CLAUSES,
    MOST_WORDS,
    QUIET_SECONDS,
    Allowed,
    AllowedChunks,
    AllowedWhere,
    Bm25,
    Clause,
    ExplainedTerm,
    Explanation,
    Memory,
    Merger,
    Query,
    Scored,
    Span,
    parse_query,
    query_of_words,
)
from db.case_runs import CaseRuns, LatestResult, NewCaseRun, StoredCaseRun
from db.collections import CollectionKey, Collections, CollectionWork, ReindexCost
from db.conversations import Conversations
from db.deliveries import Deliveries
from db.documents import Documents, NewDocument, Standing, StoredPage, Traces
from db.drafts import Drafts, WrittenDraft
from db.embedded import EmbeddedPostgres
from db.entries import Ended, Ending, EventRow, RunEntry, StepRow
from db.errors import DatabaseUnreachable, DatabaseUnsuitable, ObjectStoreFull, ObjectStoreUnreachable, translated
from db.gateway import HourOfUse, ModelRoutes, Providers, StoredProvider, Usage, UsageLimits
from db.group_commit import GroupCommit
from db.ingestion import DocumentWork, Ingestions, NewChunk, NewPage, Replaced, StoredText, ToReindex
from db.listener import Listener
from db.migrate import Check, apply_schema
from db.objects import Objects, Received, content_key, open_objects, parsed_prefix
from db.pool import kept_json, open_pool
from db.queue import Queue, consume
from db.runs import CreatedRun, Creation, NewRun, RunRecord, Runs, StartedRun
from db.schedules import DueSchedule, NewSchedule, Schedules
from db.search import Admitted, Basis, DocumentFilter, FoundHit, Ranked, Search
from db.statements import load_statements
from db.steps import Steps
from db.toolchains import DefinedVersion, ListedToolchain, NewerVersion, SavedToolchain, Toolchains
from db.vectors import OUTSIDE_GRAPH, Bounds, Vectors
from db.webhooks import CalledWebhook, Webhooks

if TYPE_CHECKING:
    from db.checkpoints import CheckpointSaver
    from db.pool import Pool
    from db.table import Executor

__all__ = [
    "MOST_METADATA_CLAUSES",
    "MOST_WORDS",
    "OUTSIDE_GRAPH",
    "Account",
    "Admitted",
    "Allowed",
    "AllowedChunks",
    "AllowedWhere",
    "Basis",
    "Bounds",
    "CalledWebhook",
    "Check",
    "Clause",
    "CollectionKey",
    "CollectionWork",
    "CreatedRun",
    "Creation",
    "DatabaseUnreachable",
    "DatabaseUnsuitable",
    "DefinedVersion",
    "DocumentFilter",
    "DocumentWork",
    "Drafts",
    "DueSchedule",
    "EmbeddedPostgres",
    "Ended",
    "Ending",
    "EventRow",
    "ExplainedTerm",
    "Explanation",
    "FoundHit",
    "GroupCommit",
    "HourOfUse",
    "KeyHolder",
    "LatestResult",
    "ListedToolchain",
    "Listener",
    "NewCaseRun",
    "NewChunk",
    "NewDocument",
    "NewPage",
    "NewRun",
    "NewSchedule",
    "NewerVersion",
    "ObjectStoreFull",
    "ObjectStoreUnreachable",
    "Objects",
    "Query",
    "Ranked",
    "Received",
    "ReindexCost",
    "Replaced",
    "RunEntry",
    "RunRecord",
    "SavedToolchain",
    "Scored",
    "Span",
    "Standing",
    "StartedRun",
    "StepRow",
    "Storage",
    "StoredCaseRun",
    "StoredPage",
    "StoredProvider",
    "StoredText",
    "ToReindex",
    "Traces",
    "WrittenDraft",
    "apply_schema",
    "consume",
    "content_key",
    "kept_json",
    "load_statements",
    "open_checkpoints",
    "open_objects",
    "open_storage",
    "parse_query",
    "parsed_prefix",
    "query_of_words",
]  # fmt: skip


# The statements of the log take lists of any length and go by primary keys: a plan for the lengths at hand is the same
# one, and makes up half of the time that a short list takes.
_LOG_SESSION = {"plan_cache_mode": "force_generic_plan"}


class Storage:
    """All that is stored, one attribute per entity, on a pool or within one transaction. `log`: runs, for those who
    write many at once."""

    def __init__(
        self, pool: Pool, executor: Executor | None = None, memory: Memory | None = None, log_pool: Pool | None = None
    ) -> None:
        runs_on = executor or pool
        self.pool, self._log_pool = pool, log_pool
        # What statements run on: the pool, or the transaction's connection.
        self.executor = runs_on
        self._memory = memory or Memory()
        self._merger = Merger(pool, self._memory)
        self.accounts = Accounts(runs_on)
        self.api_keys = ApiKeys(runs_on)
        self.collections = Collections(runs_on)
        self.documents = Documents(runs_on)
        self.search = Search(runs_on)
        self.vectors = Vectors(runs_on)
        self.bm25 = Bm25(runs_on, self._memory)
        self.ingestions = Ingestions(runs_on, self.bm25)
        self.toolchains = Toolchains(runs_on)
        self.case_runs = CaseRuns(runs_on)
        self.drafts = Drafts(runs_on)
        self.schedules = Schedules(runs_on)
        self.webhooks = Webhooks(runs_on)
        self.deliveries = Deliveries(runs_on)
        self.runs = Runs(runs_on)
        self.log = Runs(log_pool or runs_on)
        self.steps = Steps(runs_on)
        self.queue = Queue(runs_on)
        self.conversations = Conversations(runs_on)
        self.providers = Providers(runs_on)
        self.model_routes = ModelRoutes(runs_on)
        self.limits = UsageLimits(runs_on)
        self.usage = Usage(runs_on)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Storage]:
        """One unit of work: all of it is kept, or none."""
        with translated("a transaction"):
            async with self.pool.acquire() as connection, connection.transaction():
                yield Storage(self.pool, connection, self._memory)

    async def merge_bm25(self, quiet_seconds: float = QUIET_SECONDS) -> bool:
        """One step of the BM25 store's background work, as `Merger.step`; False when there is nothing to do."""
        return await self._merger.step(quiet_seconds)

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        await self.pool.fetchval("SELECT 1", timeout=2)

    async def close(self) -> None:
        await self.pool.close()
        if self._log_pool:
            await self._log_pool.close()


async def open_storage(url: str, check: Check | None = None) -> Storage:
    """Migrates if need be as `apply_schema` does and opens a pool. Raises DatabaseUnreachable or DatabaseUnsuitable."""
    await apply_schema(url, check)
    return Storage(
        await open_pool(url),
        # One connection for the runs that begin, one for what those at work leave behind.
        log_pool=await open_pool(url, max_size=2, session=_LOG_SESSION),
    )


def open_checkpoints(pool: Pool) -> CheckpointSaver:
    """What a LangGraph graph is compiled with to be durable. Close it before the pool."""
    # LangGraph takes a second to import, which whoever only stores things does without.
    from db.checkpoints import CheckpointSaver  # noqa: PLC0415

    return CheckpointSaver(pool)
