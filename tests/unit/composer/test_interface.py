"""Interfaces of toolchains: what comes out, and clients whose text nobody's names can break out of."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import typing
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.composer.interface import outputs
from inference.composer.interface.python import python_client
from inference.composer.interface.shapes import Record, example, read_shapes
from inference.composer.interface.typescript import typescript_client
from inference.models.toolchain import Toolchain

UI = Path(__file__).parents[3] / "ui"
TSC = UI / "node_modules" / ".bin" / "tsc"
CALL = {"toolchain_id": "t"}
ADDRESS = "http://127.0.0.1:8000"

HITS: dict[str, Any] = {
    "type": "object",
    "required": ["hits"],
    "properties": {"hits": {"type": "array", "items": {"$ref": "#/$defs/Hit"}}, "next": {"type": ["string", "null"]}},
    "$defs": {
        "Hit": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string"}, "in": {"$ref": "#/$defs/Hit"}},
        },
        "Unused": {"type": "string"},
    },
}  # fmt: skip


def output_of(value: Any, **parts: Any) -> dict[str, Any]:
    """The schema of an output `x`."""
    search: dict[str, Any] = {"id": "search", "kind": "function", "function": "search", "input": {}}
    toolchain: dict[str, Any] = {
        "id": "t",
        "title": "T",
        "nodes": [search],
        "edges": [],
        "output": {"x": value},
    } | parts
    return outputs.output_schema(Toolchain.model_validate(toolchain), lambda _: HITS)


STATE = {"said": {"type": "string"}, "turns": {"type": "array"}, "any": {"type": "any"}}
INPUT = {
    "type": "object",
    "properties": {
        "word": {"type": "string", "maxLength": 3},
        "deep": {"type": "object", "properties": {"n": {"type": "integer"}}},
        "list": {"type": "array", "items": {"type": "boolean"}},
        "elsewhere": {"$ref": "#/$defs/e"},
    },
    "$defs": {"e": {"type": "string"}},
}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"ref": "state.said"}, {"type": "string"}),
        ({"ref": "state.turns.0"}, {}),
        ({"ref": "state.any"}, {}),
        ({"ref": "input.word"}, {"type": "string", "maxLength": 3}),
        ({"ref": "input.deep.n"}, {"type": "integer"}),
        ({"ref": "input.list.0"}, {"type": "boolean"}),
        ({"ref": "input.elsewhere"}, {}),
        ({"ref": "input.nowhere"}, {}),
        ({"ref": "nodes.search.next"}, {"type": ["string", "null"]}),
        ({"ref": "nodes.search.hits.0.text"}, {"type": "string"}),
        ({"ref": "nodes.search.hits.-1.in.in.text"}, {"type": "string"}),
        ({"ref": "nodes.other"}, {}),
        ({"ref": "run.id"}, {"type": "string"}),
        ({"template": "a {{ input.word }}"}, {"type": "string"}),
        ({"expr": {"==": [1, 2]}}, {"type": "boolean"}),
        ({"expr": {"length": "abc"}}, {"type": "integer"}),
        ({"expr": {"default": [1, 2]}}, {}),
        ({"literal": {"ref": "x"}}, {"const": {"ref": "x"}}),
        (5, {"const": 5}),
        ({"a": {"ref": "state.said"}}, {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}),
    ],
    ids=str,
)  # fmt: skip
def test_what_comes_out(value: Any, schema: dict[str, Any]) -> None:
    told = output_of(value, state=STATE, input=INPUT)
    assert told["properties"]["x"] == schema
    assert "$defs" not in told
    assert told["required"] == ["x"]


def test_definitions_come_along_as_far_as_they_are_needed() -> None:
    told = output_of({"ref": "nodes.search.hits"})
    assert told["properties"]["x"] == {"type": "array", "items": {"$ref": "#/$defs/Hit"}}
    assert list(told["$defs"]) == ["Hit"]


def test_a_schema_in_circles_ends() -> None:
    circles = {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}
    assert output_of({"ref": "input.a.b.c"}, input=circles)["properties"]["x"] == {}
    (entry, _) = read_shapes(circles, {"type": "object"})
    assert python_type(entry, "a") == "NotRequired[Any]"


def python_type(record: Record, name: str) -> str:
    """How the Python client annotates a field."""
    text = python_client("T", [record, Record("Output")], CALL, ADDRESS)
    (wanted,) = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == record.name)
    return next(
        ast.unparse(line.annotation)
        for line in wanted.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id == name
    )


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "str"),
        ({"type": ["integer", "null"]}, "int | None"),
        ({"enum": ["a", "b'c", 1, True, None]}, """Literal['a', "b'c", 1, True, None]"""),
        ({"enum": ["a", 1.5]}, "Any"),
        ({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, "list[str | None]"),
        ({"type": "array"}, "list[Any]"),
        ({"type": "object"}, "dict[str, Any]"),
        ({"type": "object", "properties": {"b": {}}}, "InputX"),
        (True, "Any"),
        ({"type": 5}, "Any"),
        ({"$ref": "http://example.org"}, "Any"),
        ({"$ref": "#"}, "Input"),
        ({"allOf": [{"type": "string"}]}, "str"),
    ],
    ids=str,
)
def test_types(schema: Any, expected: str) -> None:
    whole = {"type": "object", "required": ["x"], "properties": {"x": schema}}
    records = read_shapes(whole, {"type": "object"})
    assert python_type(records[0], "x") == expected


def test_what_has_a_default_may_be_left_out() -> None:
    schema = {"type": "object", "required": ["x"], "properties": {"x": {"type": "string", "default": "a"}}}
    given_in, given_out = read_shapes(schema, schema)
    assert (given_in.fields[0].required, given_out.fields[0].required) == (False, True)
    assert example(schema) == {"x": "a"}


def test_two_records_never_share_a_name() -> None:
    inside = {"type": "object", "properties": {"b": {"type": "string"}}}
    schema = {"type": "object", "properties": {"a-b": inside, "a b": inside, "ab": inside, "AB": inside, "é": inside}}
    names = [record.name for record in read_shapes(schema, schema)]
    assert len(names) == len(set(names)) == 12


def test_types_that_would_grow_without_end_are_anything() -> None:
    """Each definition names the one before in many ways: written out it would be longer than any memory."""

    def grown(level: int) -> dict[str, Any]:
        inner: dict[str, Any] = {"$ref": f"#/$defs/d{level - 1}"}
        options: list[dict[str, Any]] = []
        for _ in range(6):
            inner = {"type": "array", "items": inner}
            options.append(inner)
        return {"anyOf": options}

    definitions = {f"d{level}": grown(level) for level in range(1, 30)} | {"d0": {"enum": ["x" * 500, "y"]}}
    schema = {"type": "object", "properties": {"x": {"$ref": "#/$defs/d29"}}, "$defs": definitions}
    text = python_client("T", read_shapes(schema, {}), CALL, ADDRESS)
    assert len(text) < 10_000


# Names that would end a literal, a comment or a line, or mean something where they stand.
HOSTILE = st.one_of(
    st.sampled_from(
        ['"', "'", '"""', "'''", "*/", "//", "\\", '\\"', "\n", "\r", "\u2028", "`", "${x}", "#", "{", "}", "class",
         "def", "__init__", "__x", "str", "Any", "Input", "Output", "run", "json", "constructor", "__proto__", "a'b",
         "a;b", "é", "'); import os; os.system('x')", '"; process.exit(1); "', "\\u0022", "$(x)", "!x"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)  # fmt: skip
SCHEMAS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.sampled_from(["string", "integer", "boolean", "null", "array", "object"]).map(lambda kind: {"type": kind}),
        st.lists(HOSTILE | st.none() | st.booleans() | st.integers(), min_size=1, max_size=3).map(
            lambda v: {"enum": v}
        ),
        HOSTILE.map(lambda text: {"$ref": text}),
        HOSTILE.map(lambda text: {"type": text, "title": text, "description": text}),
    ),
    lambda inner: st.one_of(
        st.dictionaries(HOSTILE, inner, max_size=4).map(
            lambda fields: {"type": "object", "properties": fields, "required": list(fields)[:1]}
        ),
        inner.map(lambda items: {"type": "array", "items": items}),
        st.lists(inner, min_size=1, max_size=3).map(lambda options: {"anyOf": options}),
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(HOSTILE, SCHEMAS, max_size=4).map(lambda f: {"type": "object", "properties": f})


def skeleton(text: str) -> list[str]:
    """The module's statements without what may differ from toolchain to toolchain."""
    shown: list[str] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and [ast.unparse(base) for base in node.bases] == ["TypedDict"]:
            assert all(
                isinstance(line, ast.AnnAssign | ast.Pass) and getattr(line, "value", None) is None
                for line in node.body
            )
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            name, fields = node.value.args
            assert ast.unparse(node.value.func) == "TypedDict"
            assert isinstance(name, ast.Constant)
            ast.literal_eval(fields)
        elif isinstance(node, ast.Expr):
            assert isinstance(node.value, ast.Constant)
        elif isinstance(node, ast.ImportFrom) and node.module == "typing":
            assert {alias.name for alias in node.names} <= {"Any", "Literal", "NotRequired", "TypedDict", "cast"}
        else:
            shown.append(ast.unparse(node))
    return shown


PLAIN = skeleton(python_client("T", read_shapes({}, {}), CALL, ADDRESS))


@given(HOSTILE, OBJECTS, OBJECTS)
@settings(deadline=None)
def test_no_name_gets_out_of_the_python(title: str, given_in: dict[str, Any], given_out: dict[str, Any]) -> None:
    records = read_shapes(given_in, given_out)
    text = python_client(title, records, CALL, ADDRESS)
    assert text.isascii()
    assert skeleton(text) == PLAIN
    code: CodeType = compile(text, "client.py", "exec")
    module: dict[str, Any] = {"__name__": "client"}
    exec(code, module)
    for record in records:
        # All names that the annotations use are there, and the fields are those of the schema, letter by letter.
        hints = typing.get_type_hints(module[record.name], module, include_extras=True)
        assert set(hints) == {field.name for field in record.fields}


def outside_strings(text: str) -> str:
    """TypeScript without what stands in its string literals, which JSON writes."""
    kept: list[str] = []
    decoder = json.JSONDecoder()
    place = 0
    while place < len(text):
        if text[place] == '"':
            _, place = decoder.raw_decode(text, place)
            kept.append('""')
        else:
            kept.append(text[place])
            place += 1
    return "".join(kept)


ALLOWED = set('_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"<>{}?:;|,=- \n')


@given(HOSTILE, OBJECTS, OBJECTS)
@settings(deadline=None)
def test_no_name_gets_out_of_the_typescript(title: str, given_in: dict[str, Any], given_out: dict[str, Any]) -> None:
    text = typescript_client(title, read_shapes(given_in, given_out), CALL, ADDRESS)
    assert text.isascii()
    frame = typescript_client("T", read_shapes({}, {}), CALL, ADDRESS)
    tail = frame[frame.index("\ninterface Told") :]
    assert text.endswith(tail)
    rest = outside_strings(text.removesuffix(tail))
    assert set(rest) <= ALLOWED, "outside of literals there is nothing that a name could have brought"
    assert "//" not in rest
    assert rest.count("{") == rest.count("}")


@pytest.mark.skipif(not TSC.exists() or not shutil.which("node"), reason="needs Node and the UI's packages")
def test_typescript_takes_it(tmp_path: Path) -> None:
    names = ['"', "*/", "\u2028", "`${x}`", "__proto__", "class", "constructor", "\\", "plain"]
    deep: dict[str, Any] = {
        "type": "object",
        "required": ["self"],
        "properties": {"self": {"$ref": "#/$defs/T"}, "k": {"enum": names}},
    }
    whole = {
        "type": "object",
        "required": names,
        "properties": {name: {"type": ["string", "null"]} for name in names} | {"deep": {"$ref": "#/$defs/T"}},
        "$defs": {"T": deep},
    }  # fmt: skip
    (tmp_path / "client.ts").write_text(typescript_client('"*/', read_shapes(whole, whole), CALL, ADDRESS))
    uses = (
        'import { run, type Input } from "./client";\nexport async function f(input: Input): Promise<string | null> {\n'
    )
    (tmp_path / "good.ts").write_text(uses + '  return (await run(input, { apiKey: "k" })).plain;\n}\n')
    assert tsc(tmp_path, "good.ts") == ""
    (tmp_path / "bad.ts").write_text(uses + '  return (await run({ plain: 5 }, { apiKey: "k" })).other;\n}\n')
    told = tsc(tmp_path, "bad.ts")
    assert "TS2339" in told, "a field that is not there is an error: the types are real"


def tsc(folder: Path, file: str) -> str:
    """What TypeScript finds wrong."""
    modules = ["--module", "esnext", "--moduleResolution", "bundler"]
    strict = ["--strict", "--noEmit", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--typeRoots", "."]
    return subprocess.run(
        [str(TSC), *strict, *modules, "--target", "es2022", "--lib", "es2022,dom", file],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    ).stdout  # fmt: skip
