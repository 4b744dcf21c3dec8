"""The whole platform as a person starts it, in a home of its own, for tests that talk to it from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ADMIN, PASSWORD = "ann", "correct horse battery"


def _client() -> httpx.Client:
    # A connection for each call, as of strangers; certificates, whose loading would take longer, are not needed here.
    return httpx.Client(verify=False, limits=httpx.Limits(max_keepalive_connections=0), timeout=60)


@dataclass
class Platform:
    """A running platform, its administrator's token and API key, and a client for what `call` does not do. `said` is
    what it told whoever started it until it was ready."""

    url: str
    home: Path
    pid: int
    token: str = ""
    key: str = ""
    said: str = ""
    http: httpx.Client = field(default_factory=_client)

    def call(self, function: str, body: dict[str, Any] | None = None, *, token: str | None = None) -> httpx.Response:
        """POST /api/<function> as the administrator, or as whoever `token` speaks for (empty: nobody)."""
        bearer = self.token if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self.http.post(f"{self.url}/api/{function}", json=body or {}, headers=headers)

    def result(self, function: str, body: dict[str, Any] | None = None, *, token: str | None = None) -> Any:
        """The result of a call that is to succeed."""
        response = self.call(function, body, token=token)
        assert response.status_code in (200, 202), response.text
        return response.json()["result"]

    def begin(self) -> None:
        """Makes the administrator, as whom it is called from now on."""
        self.result("add_user", {"username": ADMIN, "password": PASSWORD}, token="")
        self.token = self.result("login", {"username": ADMIN, "password": PASSWORD}, token="")["access_token"]

    def new_user(self, name: str) -> str:
        """Makes a user; the token of the log-in."""
        self.result("add_user", {"username": name, "password": PASSWORD})
        return self.result("login", {"username": name, "password": PASSWORD}, token="")["access_token"]

    def new_key(self, *scopes: str, token: str | None = None) -> str:
        """Makes a key that may do no more than this."""
        return self.result("create_api_key", {"title": "narrow", "scopes": list(scopes)}, token=token)["api_key"]

    def upload(
        self,
        collection: str,
        name: str,
        data: bytes,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        fields: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Uploads a file, with further fields of the form."""
        return self.http.post(
            f"{self.url}/api/upload_document",
            files={"file": (name, data)},
            data={"collection_id": collection} | (fields or {}),
            headers={"Authorization": f"Bearer {self.token if token is None else token}"} | (headers or {}),
            timeout=120,
        )

    def wait_for(self, document: str, *, token: str | None = None, seconds: float = 60) -> dict[str, Any]:
        """The document when its ingestion has ended, well or badly."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.result("fetch_document", {"document_id": document}, token=token)
            if found["status"] in ("complete", "failed"):
                return found
            assert time.monotonic() < deadline, f"still {found['status']} after {seconds} s"
            time.sleep(0.1)

    def ingest(self, collection: str, name: str, data: bytes, *, token: str | None = None) -> dict[str, Any]:
        """Uploads a file and waits until it is complete."""
        uploaded = self.upload(collection, name, data, token=token)
        assert uploaded.status_code == 202, uploaded.text
        document = self.wait_for(uploaded.json()["result"]["document_id"], token=token)
        assert document["status"] == "complete", document["error"]
        return document


@contextlib.contextmanager
def running_platform(home: Path, **environment: str) -> Generator[Platform]:
    """Starts the platform on a free port; at the end it is told to stop, as by Ctrl-C, and must."""
    process = subprocess.Popen(
        [sys.executable, "-m", "inference.cli", "start"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PENSTOCK_HOME": str(home), "PENSTOCK_PORT": "0", "DATABASE_URL": ""} | environment,
        start_new_session=True,
    )
    assert process.stdout
    try:
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if "Penstock is ready at " in line:
                break
        else:
            raise AssertionError("the platform did not start:\n" + "".join(said))
        yield Platform(line.split()[-1], home, process.pid, said="".join(said))
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        process.wait(30)
        process.stdout.close()
