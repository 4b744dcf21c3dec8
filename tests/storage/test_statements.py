"""Every statement is prepared against the real schema, and its columns are those of the model that it names."""

from __future__ import annotations

import importlib

import asyncpg
import pytest

from db import DatabaseUnsuitable, Storage, apply_schema, load_statements


async def test_every_statement_fits_schema_and_model(storage: Storage) -> None:
    faults: list[str] = []
    async with storage.pool.acquire() as connection:
        for key, statement in load_statements().items():
            if statement.schema_kind:
                continue
            columns = {column.name for column in (await connection.prepare(statement.text)).get_attributes()}
            if statement.returns:
                module, name = statement.returns
                fields = set(getattr(importlib.import_module(f"inference.models.{module}"), name).model_fields)
                faults += [f"{key}: {sorted(columns ^ fields)} are in one only"] if columns != fields else []
    assert faults == []


async def test_connections_ask_once_what_types_there_are(storage: Storage) -> None:
    async with storage.pool.acquire() as first, storage.pool.acquire() as second:
        questions: list[int] = []
        for connection in (first, second):
            assert await connection.fetchval("SELECT '[1,2]'::halfvec") == bytes.fromhex("000200003c004000")
            assert await connection.fetchval("SELECT $1::jsonb[]", [{"a": 1}, None]) == [{"a": 1}, None]
            assert await connection.fetchval("SELECT array['[1,2]'::halfvec]") == [bytes.fromhex("000200003c004000")]
            asked = "SELECT count(*) FROM pg_prepared_statements WHERE strpos(statement, $1) > 0"
            questions.append(await connection.fetchval(asked, "WITH RECURSIVE typeinfo_tree("))
    assert questions[0] > 0
    assert questions[1] == 0


async def test_every_statement_says_what_it_does() -> None:
    assert [key for key, statement in load_statements().items() if not statement.text.startswith("-- ")] == []


async def test_migrating_twice_changes_nothing(storage: Storage, database: str) -> None:
    everything = """
        SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2, 3
    """
    before = await storage.pool.fetch(everything)
    assert not await apply_schema(database), "a database that is up to date is left alone"
    await storage.pool.execute("UPDATE penstock_schema SET hash = 'of an older version'")
    assert await apply_schema(database), "files that changed are applied"
    assert await storage.pool.fetch(everything) == before


async def test_without_pgvector_the_message_says_what_to_install(postgres: str) -> None:
    admin = await asyncpg.connect(postgres.replace("/penstock?", "/postgres?"))
    await admin.execute("CREATE DATABASE without_pgvector")
    await admin.execute("ALTER DATABASE without_pgvector SET extension_control_path = '/nowhere'")
    await admin.close()
    with pytest.raises(DatabaseUnsuitable, match=r"no pgvector.*apt install postgresql-18-pgvector"):
        await apply_schema(postgres.replace("/penstock?", "/without_pgvector?"))
