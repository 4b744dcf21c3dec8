"""`penstock test FILE`: the test cases of toolchains in files, run at a Penstock."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from inference.cli.client import CallFailed, Client, calling
from inference.cli.report import Tested, junit_of, lines_of, shown
from inference.json_values import is_object

_LOOK_SECONDS = 0.5
_GOES_ON = ("queued", "running", "waiting")


def test(arguments: argparse.Namespace) -> int:
    """The exit status: 0 when all passed, 1 when one failed, 2 when they could not be run, 130 on Ctrl-C."""
    try:
        tested = asyncio.run(_test(arguments))
        if arguments.json:
            print(json.dumps([each.run for each in tested], indent=2))
        else:
            print("\n".join(line for each in tested for line in lines_of(each)))
        if arguments.junit is not None:
            arguments.junit.write_bytes(junit_of(tested))
    except (CallFailed, OSError) as problem:
        print("\n".join(shown(line) for line in str(problem).split("\n")), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 1 if any(each.failed for each in tested) else 0


async def _test(arguments: argparse.Namespace) -> list[Tested]:
    # All are read before anything is run.
    drafts = {path: _read(path) for path in arguments.files}
    tested = {path: draft for path, draft in drafts.items() if draft.get("tests")} or drafts
    for path in drafts:
        if path not in tested:
            print(shown(f"{path} has no test cases and was left out."), file=sys.stderr)
    async with calling(arguments.url, arguments.key) as penstock:
        return [Tested(path, await _cases(penstock, draft, arguments.case)) for path, draft in tested.items()]


def _read(path: Path) -> dict[str, Any]:
    try:
        draft = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise CallFailed(f"{path} is no JSON: {error}.") from None
    if not is_object(draft) or not isinstance(draft.get("id"), str):
        raise CallFailed(f"{path} is no toolchain: it is no object with an `id`.")
    return draft


async def _cases(penstock: Client, draft: dict[str, Any], names: list[str]) -> dict[str, Any]:
    asked = {"toolchain_id": draft["id"], "draft": draft} | ({"names": names} if names else {})
    run = await penstock.call("test_toolchain", asked)
    try:
        while run["status"] in _GOES_ON:
            await asyncio.sleep(_LOOK_SECONDS)
            run = await penstock.call("fetch_case_run", {"case_run_id": run["case_run_id"]})
    except asyncio.CancelledError:
        await penstock.call("cancel_run", {"run_id": run["run_id"]})
        raise
    return run
