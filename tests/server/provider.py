"""A provider that speaks the OpenAI protocol, on loopback. What it does depends on the model that is asked for."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-of-the-provider"
MODELS = (
    "echo",
    "limited",
    "broken",
    "refusing",
    "dying",
    "dying-whole",
    "endless",
    "patient",
    "nul",
    "text-embedding-fake",
)
# Spaces and a field that no client knows: bytes that come through another server's JSON would differ.
WHOLE = b'{ "id":"up-1",  "object":"chat.completion","created":1, "model":"echo", "x_unknown": [1.50, "\\u00e9"],\n "choices":[{"index":0,"message":{"role":"assistant","content":"Hello from upstream."},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}'  # noqa: E501


def chunk(text: str) -> bytes:
    """One event of a stream."""
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    frame = {"id": "up-2", "object": "chat.completion.chunk", "created": 1, "model": "echo", "choices": [choice]}
    return b"data: %s\n\n" % json.dumps(frame).encode()


@dataclass
class Provider:
    """What the provider was sent, and how its streams ended. While `patient`, the model of that name does not end."""

    url: str
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    hung_up: threading.Event = field(default_factory=threading.Event)
    patient: bool = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Provider

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        self._answer(200, json.dumps({"object": "list", "data": [{"id": name} for name in MODELS]}).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.provider.bodies.append(body)
        self.provider.headers.append(dict(self.headers))
        if self.headers["Authorization"] != f"Bearer {KEY}":
            self._answer(401, b'{"error": {"message": "wrong key"}}')
        elif refusal := _REFUSALS.get(body["model"]):
            self._answer(*refusal)
        elif body["model"] == "dying-whole":
            self._die_in_a_whole_answer()
        elif body.get("stream"):
            self._stream(body["model"])
        else:
            self._answer(200, WHOLE, {"x-request-id": "req-upstream", "x-ratelimit-remaining-tokens": "17"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _die_in_a_whole_answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"id": "half')
        self.close_connection = True

    def _stream(self, model: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self._say(chunk("Hello "))
            if model == "dying":
                self.close_connection = True
                return
            while model == "endless" or (model == "patient" and self.provider.patient):
                self._say(chunk("and on "))
                time.sleep(0.02)
            self._say(chunk("a\0b" if model == "nul" else "from upstream."))
            self._say(b"data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.provider.hung_up.set()
            self.close_connection = True

    def _say(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()


_REFUSALS = {
    "limited": (429, b'{"error": {"message": "slow down", "type": "requests", "code": "rate"}}', {"Retry-After": "7"}),
    "broken": (500, b'{"error": {"message": "it is broken"}}', dict[str, str]()),
    "refusing": (400, b'{"error": {"message": "no such field", "param": "x"}}', dict[str, str]()),
}


@contextlib.contextmanager
def running_provider() -> Generator[Provider]:
    """Serves until the context ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}/v1")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
