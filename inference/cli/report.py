"""What came of test cases, for people and for programs. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Tested:
    """A file and what came of its cases: `run` is a CaseRun."""

    path: Path
    run: dict[str, Any]

    @property
    def results(self) -> list[dict[str, Any]]:
        return self.run["results"]

    @property
    def failed(self) -> int:
        """How many have not passed: also those that were never run."""
        return sum(result["status"] != "passed" for result in self.results)


def lines_of(tested: Tested) -> Iterator[str]:
    """A line for every case, and below those that failed why."""
    yield f"{shown(tested.run['toolchain_id'])} ({tested.path})"
    for result in tested.results:
        passed = result["status"] == "passed"
        took = "" if result["duration_ms"] is None else f"  {result['duration_ms'] / 1000:.1f} s"
        yield f"  {'passed' if passed else 'FAILED'}  {shown(result['name'])}{took}"
        if not passed:
            yield from (f"          {line}" for line in _why(result))
    yield f"{len(tested.results) - tested.failed} passed, {tested.failed} failed"


def _why(result: dict[str, Any]) -> Iterator[str]:
    if error := result["error"]:
        where = f" in {error['node']!r}" if error.get("node") else ""
        yield shown(f"{error['type']}{where}: {error['message']}")
    elif result["status"] in ("queued", "running"):
        yield "it was not run to its end"
    for check in result["checks"]:
        if check["passed"]:
            continue
        yield shown(f"{check['kind']}: {check['message']}")
        for difference in check["differences"]:
            before, after = json.dumps(difference["before"]), json.dumps(difference["after"])
            told = f"{difference['path']}: expected {before}, got {after}"
            yield f"  {shown(told)}"
        if not check["differences"]:
            yield f"  expected {shown(json.dumps(check['expected'], ensure_ascii=False))}"
            yield f"  got      {shown(json.dumps(check['actual'], ensure_ascii=False))}"


def shown(text: str) -> str:
    """A text on one line, cut, without what would steer a terminal or has no place in XML: a toolchain and its output
    may hold anything."""
    whole = "".join(char if char.isprintable() else "\ufffd" for char in " ".join(text.split()))
    return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}…"


def junit_of(tested: list[Tested]) -> bytes:
    """JUnit's XML, as continuous integration reads it."""
    suites = ElementTree.Element("testsuites")
    for each in tested:
        counts = {"tests": str(len(each.results)), "failures": str(each.failed)}
        suite = ElementTree.SubElement(suites, "testsuite", {"name": shown(each.run["toolchain_id"])} | counts)
        for result in each.results:
            seconds = f"{(result['duration_ms'] or 0) / 1000:.3f}"
            named = {"name": shown(result["name"]), "classname": shown(each.run["toolchain_id"]), "time": seconds}
            case = ElementTree.SubElement(suite, "testcase", named)
            if result["status"] != "passed":
                why = list(_why(result))
                failure = ElementTree.SubElement(case, "failure", {"message": why[0] if why else "it failed"})
                failure.text = "\n".join(why)
    return ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
