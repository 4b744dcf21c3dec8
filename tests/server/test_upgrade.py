"""A release that a stored toolchain does not fit: told at the start, and shown to its owner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg
import orjson

from tests.platform import ADMIN, PASSWORD, running_platform

FITTING: dict[str, Any] = {
    "id": "stored",
    "title": "Stored",
    "nodes": [{"id": "only", "kind": "function", "function": "fetch_api_keys"}],
    "edges": [{"from": "start", "to": "only"}, {"from": "only", "to": "end"}],
}


async def test_a_stored_toolchain_that_no_longer_fits(database: str, tmp_path: Path) -> None:
    account = {"username": ADMIN, "password": PASSWORD}
    with running_platform(tmp_path, DATABASE_URL=database) as platform:
        platform.result("add_user", account, token="")
        platform.token = platform.result("login", account, token="")["access_token"]
        platform.result("save_toolchain", {"toolchain": FITTING})
        assert "does not fit" not in platform.said

    # As if it had been saved under a release that had another function.
    gone = FITTING | {"nodes": [FITTING["nodes"][0] | {"function": "of_another_release"}]}
    connection = await asyncpg.connect(database)
    await connection.execute("UPDATE toolchain_definitions SET definition = $1", orjson.dumps(gone).decode())
    await connection.execute("UPDATE penstock_schema SET hash = 'of another release'")
    await connection.close()

    with running_platform(tmp_path, DATABASE_URL=database) as platform:
        (line,) = [line for line in platform.said.splitlines() if "does not fit" in line]
        assert line.startswith("toolchain stored of ann, version 1, does not fit this release: nodes[0].function")
        assert "of_another_release" in line
        platform.token = platform.result("login", account, token="")["access_token"]
        told = platform.result("get_available_toolchains")["toolchains"]
        faults = {entry["id"]: entry["faults"] for entry in told if entry["faults"]}
        assert [(f["version"], f["path"]) for f in faults["stored"]] == [(1, "nodes[0].function")]
        assert list(faults) == ["stored"]
        fetched = platform.result("fetch_toolchain", {"toolchain_id": "stored"})
        assert fetched["toolchain"] == gone, "it is still there to be put right"
        refused = platform.call("run_toolchain", {"toolchain_id": "stored"})
        assert refused.status_code == 422
        assert refused.json()["error"]["faults"]
        assert platform.call("publish_toolchain", {"toolchain_id": "stored"}).status_code == 422
        assert platform.call("roll_back_toolchain", {"toolchain_id": "stored", "version": 1}).status_code == 422
        platform.result("save_toolchain", {"toolchain": FITTING | {"title": "Put right"}})
        told = platform.result("get_available_toolchains")["toolchains"]
        assert [entry["faults"] for entry in told if entry["id"] == "stored"] == [[]]
