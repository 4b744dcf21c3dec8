"""`penstock test` and `penstock client`, as somebody calls them in a shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.documentation import examples
from tests.platform import Platform

HOSTILE = "\x1b[2J\x07 \u202e<script>alert(1)</script> \x00"
ECHO: dict[str, Any] = {
    "id": "echoes",
    "title": "Echoes",
    "input": {"type": "object", "properties": {"word": {"type": "string", "default": "lake"}}},
    "nodes": [{"id": "only", "kind": "join"}],
    "edges": [{"from": "start", "to": "only"}, {"from": "only", "to": "end"}],
    "output": {"word": {"ref": "input.word"}, "rows": [{"n": 1}]},
}


def penstock(platform: Platform, *arguments: str, key: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PENSTOCK_API_KEY": platform.key if key is None else key}
    return subprocess.run(
        [sys.executable, "-m", "inference.cli", *arguments, "--url", platform.url],
        capture_output=True, text=True, env=environment, timeout=120, check=False,
    )  # fmt: skip


def written(path: Path, *tests: Any, **parts: Any) -> str:
    path.write_text(json.dumps(ECHO | {"tests": list(tests)} | parts))
    return str(path)


def case(name: str, value: Any, of: str = "output.word") -> dict[str, Any]:
    return {"name": name, "checks": [{"kind": "equals", "of": {"ref": of}, "value": value}]}


def test_all_pass(platform: Platform, tmp_path: Path) -> None:
    done = penstock(platform, "test", written(tmp_path / "a.json", case("right", "lake")), "toolchains/rag.json")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"echoes ({tmp_path}/a.json)"
    assert lines[1].startswith("  passed  right  ")
    assert lines[2] == "1 passed, 0 failed"
    assert lines[3] == "rag (toolchains/rag.json)"
    assert lines[-1] == "2 passed, 0 failed"
    assert "\x1b" not in done.stdout
    listed = {entry["id"] for entry in platform.result("get_available_toolchains")["toolchains"]}
    assert "echoes" not in listed, "nothing is saved"


def test_files_without_cases_are_left_out_and_named(platform: Platform, tmp_path: Path) -> None:
    without, tested = written(tmp_path / "a.json"), written(tmp_path / "b.json", case("right", "lake"))
    done = penstock(platform, "test", without, tested)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"echoes ({tested})\n  passed  right  ")
    assert done.stderr == f"{without} has no test cases and was left out.\n"


def test_the_documentation_has_one_that_passes(platform: Platform, tmp_path: Path) -> None:
    (example,) = [example.toolchain for example in examples() if example.toolchain.get("tests")]
    long = {"name": "long", "checks": [{"kind": "similar", "of": {"ref": "output.long"}, "value": "pump " * 9000}]}
    example["output"]["long"] = "pump " * 10_000
    (tmp_path / "a.json").write_text(json.dumps(example | {"tests": [*example["tests"], long]}))
    done = penstock(platform, "test", str(tmp_path / "a.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("3 passed, 0 failed\n")


def test_one_fails(platform: Platform, tmp_path: Path) -> None:
    tests = (case("right", "lake"), case("wrong", "river"), case("rows", [{"n": 2}], "output.rows"))
    file, junit = written(tmp_path / "a.json", *tests), tmp_path / "junit.xml"
    done = penstock(platform, "test", file, "--junit", str(junit))
    assert done.returncode == 1, done.stderr
    assert "  FAILED  wrong  " in done.stdout
    assert '            expected "river"\n            got      "lake"\n' in done.stdout
    assert "            [0].n: expected 2, got 1\n" in done.stdout
    assert done.stdout.endswith("1 passed, 2 failed\n")
    (suite,) = ElementTree.fromstring(junit.read_bytes())
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("echoes", "3", "2")
    assert [(c.get("name"), len(c)) for c in suite] == [("right", 0), ("wrong", 1), ("rows", 1)]
    only = penstock(platform, "test", file, "--case", "right", "--json")
    assert only.returncode == 0
    (run,) = json.loads(only.stdout)
    assert [(result["name"], result["status"]) for result in run["results"]] == [("right", "passed")]


def test_hostile_names_and_outputs_steer_no_terminal(platform: Platform, tmp_path: Path) -> None:
    name = HOSTILE.replace("\x00", "")
    file, junit = written(tmp_path / "a.json", case(name, "x"), output={"word": {"literal": name}}), tmp_path / "j.xml"
    done = penstock(platform, "test", file, "--junit", str(junit))
    assert done.returncode == 1, done.stderr
    assert not any(char in done.stdout for char in "\x1b\x07\u202e")
    assert "<script>alert(1)</script>" in done.stdout
    (suite,) = ElementTree.fromstring(junit.read_bytes())
    assert "<script>" in (suite[0].get("name") or "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is no JSON"),
        ("[]", "is no toolchain"),
        ('{"id": 5}', "is no toolchain"),
        ("[" * 100_000, "is no JSON"),
        (json.dumps(ECHO), "no test cases"),
        (json.dumps(ECHO | {"tests": [case("a", 1, "output.x"), case("a", 1)]}), "tests[1].name: two cases"),
        (json.dumps(ECHO | {"tests": [case("a", 1)], "penstock": 99}), "penstock: this field is not known"),
    ],
)
def test_what_cannot_be_run(platform: Platform, tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "a.json").write_text(content)
    done = penstock(platform, "test", str(tmp_path / "a.json"))
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_whom_it_cannot_ask(platform: Platform, tmp_path: Path) -> None:
    file = written(tmp_path / "a.json", case("right", "lake"))
    for key, words in (("", "API key"), ("sk-wrong", "key")):
        done = penstock(platform, "test", file, key=key)
        assert done.returncode == 2
        assert words in done.stderr
    missing = penstock(platform, "test", str(tmp_path / "none.json"))
    assert missing.returncode == 2
    assert "none.json" in missing.stderr


def test_a_client_is_written(platform: Platform, tmp_path: Path) -> None:
    python = penstock(platform, "client", "rag", "--python")
    assert python.returncode == 0, python.stderr
    compile(python.stdout, "client.py", "exec")
    file = tmp_path / "client.ts"
    typescript = penstock(platform, "client", "rag", "--typescript", "--output", str(file))
    assert (typescript.returncode, typescript.stdout) == (0, "")
    asked = platform.result("fetch_toolchain_interface", {"toolchain_id": "rag"})
    assert (python.stdout, file.read_text()) == (asked["python"], asked["typescript"])
    nobody = penstock(platform, "client", "nobody", "--python")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "There is no toolchain 'nobody'" in nobody.stderr
    assert penstock(platform, "client", "rag").returncode == 2
