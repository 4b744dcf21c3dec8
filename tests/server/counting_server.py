"""A web server on loopback that counts what http nodes ask it, hangs where it is told to, and kills who asks for it."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import threading
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil


@dataclass
class Asked:
    """What came: `/count/<name>` is answered at once; `/hang/<name>` is not, the first `hangs[name]` times, until
    `release(name)`; `/poison/<name>` kills the process that asks, when `may_kill` lets it."""

    url: str
    platform: int = 0
    times: Counter[str] = field(default_factory=Counter[str])
    hangs: Counter[str] = field(default_factory=Counter[str])
    hanging: Counter[str] = field(default_factory=Counter[str])
    hung_up: Counter[str] = field(default_factory=Counter[str])
    killed: list[str] = field(default_factory=list[str])
    may_kill: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    harmless: bool = False
    released: set[str] = field(default_factory=set[str])

    def release(self, name: str) -> None:
        """Answers the calls of this name that hang."""
        self.released.add(name)

    def url_of(self, what: str, name: str) -> dict[str, str]:
        """The address as a template: names are those of one run."""
        return {"template": f"{self.url}/{what}/{name}/{{{{ run.id }}}}"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: Asked

    def handle(self) -> None:
        # Whoever asks may be killed while it asks.
        with contextlib.suppress(ConnectionError):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        _, what, name = self.path.split("/", 2)
        asked = self.asked
        asked.times[name] += 1
        if what == "hang" and asked.times[name] <= asked.hangs[name.partition("/")[0]]:
            self._hang(name)
        elif what == "poison" and not asked.harmless:
            asked.may_kill.acquire()
            asked.killed.append(_kill_peer(asked.platform, self.client_address[1]))
        body = json.dumps({"name": name}).encode()
        with contextlib.suppress(OSError):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def _hang(self, name: str) -> None:
        self.asked.hanging[name] += 1
        try:
            while name not in self.asked.released:
                readable, _, _ = select.select([self.connection], [], [], 0.05)
                if readable and not self.connection.recv(1, socket.MSG_PEEK):
                    self.asked.hung_up[name] += 1
                    return
        except OSError:
            self.asked.hung_up[name] += 1
        finally:
            self.asked.hanging[name] -= 1


def _kill_peer(platform: int, port: int) -> str:
    """kill -9 for the process of the platform at the other end of a connection; the module that it ran."""
    for process in psutil.Process(platform).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any(c.laddr and c.laddr.port == port for c in process.net_connections("tcp")):
                module = process.cmdline()[-1]
                process.kill()
                return module
    return "nobody"


@contextlib.contextmanager
def counting_server() -> Generator[Asked]:
    """Serves until the context ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    asked = Asked(f"http://127.0.0.1:{server.server_address[1]}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"asked": asked})
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
