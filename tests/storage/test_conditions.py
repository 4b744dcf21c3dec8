"""Conditions as PostgreSQL evaluates them, against the same conditions written down in Python."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any, cast

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db import Storage
from inference.functions.search.conditions import compile_condition
from inference.models.search import Condition

FACTS: dict[str, Any] = {
    "document": {
        "id": "0199", "name": "Orchard \"A\".docx", "content_type": "text/plain", "size": 12, "page_count": 3,
        "created_at": "2026-03-01T10:00:00.000000+00:00",
    },
    "collection": {"id": "c1"},
    "chunk": {"page": 2, "token_count": 40, "headings": ["Part 1", "Care"]},
}  # fmt: skip

HOSTILE = (
    "", "a", "A", "ab", "x.y", ".*", "^a$", '"', "\\", "'; DROP TABLE chunks; --", '" || 1 == 1 || "', "$.metadata",
    "@", "? (1 == 1)", "%", "\n", "\u2028", "🐝", "é", "\x7f", "2024-02-29", "2023-01-01T00:00:00Z",
    "2023-01-01T01:00:00+02:00", "2023-13-40", "null", "true", "1",
)  # fmt: skip
KEYS = ("a", "b", "a b", 'q"', "🐝", "$", "@.key", "size")
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, -2.5, 1e16, 1.0]), st.sampled_from(HOSTILE)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)
metadata = st.dictionaries(st.sampled_from(KEYS), values, max_size=4)
fields = st.one_of(
    st.just("metadata"),
    st.lists(st.sampled_from(KEYS).filter(lambda key: "." not in key), min_size=1, max_size=2).map(
        lambda keys: ".".join(["metadata", *keys])
    ),
    st.sampled_from(
        ["document.name", "document.size", "document.created_at", "chunk.page", "chunk.headings", "collection.id"]
    ),
)
ordered = st.sampled_from([*HOSTILE, -1, 0, 2, 0.5])
leaves = st.one_of(
    st.fixed_dictionaries({"field": fields, "op": st.sampled_from(["eq", "ne"]), "value": scalars}),
    st.fixed_dictionaries({"field": fields, "op": st.sampled_from(["lt", "lte", "gt", "gte"]), "value": ordered}),
    st.fixed_dictionaries({"field": fields, "op": st.just("between"), "value": st.tuples(ordered, ordered).map(list)}),
    st.fixed_dictionaries({"field": fields, "op": st.just("in"), "value": st.lists(scalars, max_size=3)}),
    st.fixed_dictionaries({"field": fields, "op": st.sampled_from(["contains", "contained_by"]), "value": values}),
    st.fixed_dictionaries({"field": fields, "op": st.just("has_key"), "value": st.sampled_from(KEYS)}),
    st.fixed_dictionaries(
        {
            "field": fields,
            "op": st.sampled_from(["has_keys", "has_any_key"]),
            "value": st.lists(st.sampled_from(KEYS), max_size=3),
        }
    ),
    st.fixed_dictionaries({"field": fields, "op": st.just("missing")}),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=5,
)

ABSENT = object()


def same(a: Any, b: Any) -> bool:
    """Equal as JSON: true is not 1."""
    return type_of(a) == type_of(b) and a == b


def type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def entries(value: Any) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def items(value: Any) -> list[Any] | None:
    return cast("list[Any]", value) if isinstance(value, list) else None


def look_up(facts: dict[str, Any], field: str) -> Any:
    there: Any = facts
    for key in field.split("."):
        there = (entries(there) or {}).get(key, ABSENT)
    return there


def moment(value: Any) -> datetime | None:
    if not isinstance(value, str) or not re.fullmatch(
        r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?", value
    ):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def compare(op: str, there: Any, value: Any) -> bool:
    if (wanted := moment(value)) is not None:
        there, value = moment(there), wanted
        if there is None:
            return False
    elif type_of(there) != type_of(value) or type_of(value) not in ("number", "str"):
        return False
    return {"lt": there < value, "lte": there <= value, "gt": there > value, "gte": there >= value}[op]


def has(there: Any, value: Any) -> bool:
    """jsonb's @>, without its exception for scalars in lists."""
    if (wanted := entries(value)) is not None:
        found = entries(there)
        return found is not None and all(key in found and has(found[key], each) for key, each in wanted.items())
    if (listed := items(value)) is not None:
        held = items(there)
        return held is not None and all(any(has(one, each) for one in held) for each in listed)
    return same(there, value)


def within(there: Any, value: Any) -> bool:
    """jsonb's <@, likewise."""
    if (allowed := entries(value)) is not None:
        found = entries(there)
        return found is not None and all(key in allowed and within(one, allowed[key]) for key, one in found.items())
    if (listed := items(value)) is not None:
        held = items(there)
        return held is not None and all(any(within(one, each) for each in listed) for one in held)
    return same(there, value)


def contains(there: Any, value: Any) -> bool:
    if isinstance(value, (dict, list)):
        return has(there, value)
    if isinstance(there, str) and isinstance(value, str):
        return value.lower() in there.lower()
    return any(same(each, value) for each in items(there) or [])


def equal(field: str, there: Any, value: Any) -> bool:
    if field == "document.created_at" and moment(value):
        return moment(there) == moment(value)
    return same(there, value)


def operator(op: str, field: str, there: Any, value: Any) -> bool:
    match op:
        case "eq":
            return equal(field, there, value)
        case "in":
            return any(equal(field, there, each) for each in value)
        case "between":
            return compare("gte", there, value[0]) and compare("lte", there, value[1])
        case "contains":
            return contains(there, value)
        case "contained_by":
            return within(there, value)
        case "has_key":
            return isinstance(there, dict) and value in there
        case "has_keys":
            return isinstance(there, dict) and all(key in there for key in value)
        case "has_any_key":
            return isinstance(there, dict) and any(key in there for key in value)
        case _:
            return compare(op, there, value)


def holds(condition: dict[str, Any], facts: dict[str, Any]) -> bool:
    if "all" in condition:
        return all(holds(part, facts) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, facts) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], facts)
    there = look_up(facts, condition["field"])
    if condition["op"] == "missing":
        return there is ABSENT
    if condition["op"] == "ne":
        return there is ABSENT or not equal(condition["field"], there, condition["value"])
    return there is not ABSENT and operator(condition["op"], condition["field"], there, condition["value"])


async def test_as_written_down(storage: Storage) -> None:
    """What the documents' own facts decide never excludes what fulfils the whole."""
    loop = asyncio.get_running_loop()
    async with storage.pool.acquire() as connection:

        @settings(
            max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
        )
        @given(conditions, metadata)
        @example(
            {
                "not": {
                    "all": [
                        {"field": "metadata.a", "op": "eq", "value": 1},
                        {"field": "chunk.page", "op": "eq", "value": 9},
                    ]
                }
            },
            {"a": 1},
        )
        @example({"field": "metadata.a", "op": "contains", "value": "x"}, {"a": [1, "x", None]})
        def check(condition: dict[str, Any], given_metadata: dict[str, Any]) -> None:
            facts = FACTS | {"metadata": given_metadata}
            compiled = compile_condition(Condition.model_validate(condition), "filter.where")
            query = (
                "SELECT coalesce(jsonb_path_match_tz($1, $2, '{}', true), false) AS whole, "
                "$3::jsonpath IS NULL OR coalesce($1 - 'chunk' - 'collection' @@ $3, false) AS documents"
            )
            asked = connection.fetchrow(query, facts, compiled.path, compiled.documents)
            row = asyncio.run_coroutine_threadsafe(asked, loop).result()
            assert row
            assert row["whole"] == holds(condition, facts), compiled.path
            assert row["documents"] or not row["whole"], compiled.documents

        await asyncio.to_thread(check)
