"""Every SQL statement, read from `db/sql/<entity>/<operation>.sql` under the key `<entity>.<operation>`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_RETURNS = re.compile(r"^-- returns: (\w+)\.(\w+)$", re.MULTILINE)
_SCHEMA = re.compile(r"^create_\w+_(extension|table|function|indexes|triggers|view)$")

# The order in which parts of a schema may be made. Within a kind, entities follow ENTITIES.
KINDS = ("extension", "table", "function", "indexes", "triggers", "view")
ENTITIES = (
    "schema", "user", "api_key", "toolchain_definition", "toolchain", "toolchain_version", "toolchain_fault",
    "toolchain_draft", "case_run", "case_result", "schedule", "webhook", "delivery", "run", "run_step", "run_event",
    "thread_value", "step_cache", "collection", "document", "document_update", "upload_key", "page", "chunk",
    "embedding", "bm25", "bm25_page", "conversation", "message", "checkpoint", "checkpoint_value", "checkpoint_write",
    "provider", "model_route", "usage_limit", "usage_hour",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """One file. `returns` is the (module, class) in inference.models whose fields are its columns, where it says so."""

    key: str
    text: str
    returns: tuple[str, str] | None
    schema_kind: str | None


@cache
def load_statements() -> Mapping[str, Statement]:
    """All statements by key. Raises ValueError for an entity that is not in ENTITIES."""
    statements: dict[str, Statement] = {}
    for entity in (files("db") / "sql").iterdir():
        if entity.name not in ENTITIES:
            raise ValueError(f"db/sql/{entity.name} is not in db.statements.ENTITIES: give it its place there")
        for file in entity.iterdir():
            operation = file.name.removesuffix(".sql")
            text = file.read_text(encoding="utf-8")
            returns, kind = _RETURNS.search(text), _SCHEMA.match(operation)
            statements[f"{entity.name}.{operation}"] = Statement(
                key=f"{entity.name}.{operation}",
                text=text,
                returns=(returns[1], returns[2]) if returns else None,
                schema_kind=kind[1] if kind else None,
            )
    return statements


def schema_statements() -> list[Statement]:
    """What makes the schema, in the order in which it is to be applied."""

    def place(statement: Statement) -> tuple[int, int, str]:
        entity = statement.key.partition(".")[0]
        return KINDS.index(statement.schema_kind or ""), ENTITIES.index(entity), statement.key

    return sorted((s for s in load_statements().values() if s.schema_kind), key=place)
