"""The token path: what a request costs on its way to an upstream and back, beside LiteLLM's proxy and no gateway."""

from __future__ import annotations

import base64
import contextlib
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import orjson
import psutil

from inference.evaluation import peer, upstream, wire
from inference.evaluation.client import Client
from inference.evaluation.driving import drive
from inference.evaluation.figures import Line, Section, Target, figure
from inference.evaluation.installation import new_home, started
from inference.evaluation.load import Load, Result
from inference.evaluation.processes import Unmeasurable, cores, ended, pin, pss_mb
from inference.evaluation.progress import tell

ROUNDS = 5
CONNECTIONS = 32
STREAMS = 60
OPEN_STREAMS = 500
REQUEST_BYTES = 1024
_PATH = "/v1/chat/completions"
_ALIAS = "quick"
_DIRECT, _OURS, _PEER = "direct", "ours", "litellm"


@dataclass(frozen=True, slots=True)
class Gateway:
    """Something that answers chat completions: `model` is what the upstream's model is called there."""

    name: str
    pid: int
    port: int
    key: str
    model: str


@dataclass(frozen=True, slots=True)
class Round:
    """What one gateway did in one round. `stream` None for the bare upstream."""

    alone: Result
    many: Result | None
    stream: Result | None


def measure() -> Section:
    """Runs the upstream, ours and the peer at once, and loads them in turns."""
    core, others = cores()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(new_home())
        direct = stack.enter_context(_upstream(others))
        base_url = f"http://127.0.0.1:{direct.port}/v1"
        tell("gateway: starting the platform")
        platform = stack.enter_context(
            started(folder / "home", {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "none"})
        )
        server = platform.process("inference.server")
        ours = Gateway(_OURS, server.pid, platform.port, platform.api_key(_set_up), _ALIAS)
        gateways = [direct, ours]
        notes = [
            f"requests of {REQUEST_BYTES} B, answers of {upstream.ANSWER_BYTES} B, every one checked; ours with an API "
            "key, a route with a fallback, limits by user and model, usage kept, metrics; the process that is measured "
            "has a core to itself",
        ]
        try:
            tell("gateway: starting litellm")
            proxy = stack.enter_context(peer.running(base_url, folder))
            gateways.append(Gateway(_PEER, proxy.pid, proxy.port, peer.KEY, peer.MODEL))
            notes.append(f"peer: litellm proxy {peer.VERSION}, one worker, master key, no database, no callbacks")
        except Unmeasurable as error:
            tell(str(error))
            notes.append(f"the peer is missing: {str(error).splitlines()[0]}")
        for gateway in gateways[1:]:
            pin(gateway.pid, core)
        platform.settle()
        idle = {gateway.name: pss_mb(psutil.Process(gateway.pid)) for gateway in gateways}
        whole = idle[_OURS] + pss_mb(platform.process("inference.runner"))
        tell(f"gateway: {OPEN_STREAMS} streams at once")
        _run(ours, others, connections=1, seconds=1)
        crowd = _run(ours, others, connections=OPEN_STREAMS, seconds=0, events=upstream.CHUNKS)
        for gateway in gateways[1:]:
            _run(gateway, others, connections=CONNECTIONS, seconds=5)
        rounds: dict[str, list[Round]] = {gateway.name: [] for gateway in gateways}
        for number in range(ROUNDS):
            for gateway in gateways:
                rounds[gateway.name].append(_round(gateway, others))
                tell(f"gateway: round {number + 1} of {ROUNDS}, {gateway.name}: {_summary(rounds[gateway.name][-1])}")
        memory = {gateway.name: pss_mb(psutil.Process(gateway.pid)) for gateway in gateways}
    return Section("gateway", _lines(rounds, memory, idle, whole, crowd), notes)


def _set_up(client: Client) -> None:
    """Switches on what a gateway is for: a name of its own with a fallback, limits that this load does not reach."""
    model = f"openai/{upstream.MODEL}"
    client.call("set_model_route", name=_ALIAS, model=model, fallbacks=["extractive"], defaults={"top_p": 1})
    for limit in ({"kind": "each_user"}, {"kind": "model", "subject": model}):
        client.call(
            "set_limits", **limit, requests_per_minute=10**9, tokens_per_minute=10**12, concurrent_requests=10**6
        )


@contextlib.contextmanager
def _upstream(on: set[int]) -> Generator[Gateway]:
    process = subprocess.Popen(
        [sys.executable, "-m", "inference.evaluation.upstream"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with ended(process):
        assert process.stdout is not None
        port = process.stdout.readline()
        if not port:
            raise Unmeasurable("the upstream did not start")
        pin(process.pid, on)
        yield Gateway(_DIRECT, process.pid, int(port), "none", upstream.MODEL)


def _round(gateway: Gateway, on: set[int]) -> Round:
    alone = _run(gateway, on, connections=1, seconds=2)
    if gateway.name == _DIRECT:
        return Round(alone, None, None)
    many = _run(gateway, on, connections=CONNECTIONS, seconds=3)
    return Round(alone, many, _run(gateway, on, connections=STREAMS, seconds=0, events=upstream.CHUNKS))


def _run(gateway: Gateway, on: set[int], *, connections: int, seconds: float, events: int | None = None) -> Result:
    """One load in a process of its own. Raises Unmeasurable when an answer was wrong."""
    load = Load(
        port=gateway.port,
        request=base64.b64encode(
            wire.request(_PATH, body(gateway.model, stream=events is not None), gateway.key)
        ).decode(),
        says="[DONE]" if events else upstream.SAID,
        pid=gateway.pid,
        connections=connections,
        seconds=seconds,
        warm_seconds=0.5,
        events=events,
    )
    return drive(gateway.name, load, on)


def body(model: str, *, stream: bool) -> bytes:
    """A chat completion's request of REQUEST_BYTES."""
    asked = {"model": model, "messages": [{"role": "user", "content": ""}], "temperature": 0.5, "stream": stream}
    missing = REQUEST_BYTES - len(orjson.dumps(asked))
    words = ("Tell me how the water comes to the turbines. " * (missing // 40 + 1))[:missing]
    return orjson.dumps(asked | {"messages": [{"role": "user", "content": words}]})


def _summary(one: Round) -> str:
    text = f"p50 {one.alone.p50_us:.0f} µs"
    if one.many and one.stream:
        text += f", {one.many.answers / one.many.seconds:.0f} requests/s, {_per_core(one.many):.0f} per core"
        text += f", {_per_event(one.stream):.0f} µs CPU an event"
    return text


def _per_core(many: Result) -> float:
    """Requests per second of CPU time."""
    return many.answers / many.cpu_seconds


def _per_event(stream: Result) -> float:
    """Microseconds of CPU time."""
    return stream.cpu_seconds * 1e6 / (stream.answers * upstream.CHUNKS)


def _lines(
    rounds: dict[str, list[Round]], memory: dict[str, float], idle: dict[str, float], whole: float, crowd: Result
) -> list[Line]:
    """`rounds` by gateway: the bare upstream's, ours, and the peer's where it could be installed. `whole`: MB of our
    server and runner together, idle."""

    def line(what: str, unit: str, values: Callable[[str], list[float]], **more: Any) -> Line:
        theirs = figure(values(_PEER), unit) if _PEER in rounds else None
        return Line(what, figure(values(_OURS), unit), peer=theirs, **more)

    def many(of: Callable[[Result], float]) -> Callable[[str], list[float]]:
        return lambda name: [of(one.many) for one in rounds[name] if one.many]

    def added(name: str) -> list[float]:
        bare = rounds[_DIRECT]  # each round against the same round's
        return [one.alone.p50_us - bare[at].alone.p50_us for at, one in enumerate(rounds[name])]

    return [
        line("requests/s per core", "/s", many(_per_core), better="more", target=Target(40, of="ratio", goal=100)),
        line(f"requests/s, {CONNECTIONS} connections", "/s", many(lambda r: r.answers / r.seconds), better="more"),
        line("CPU a request", "µs", many(lambda r: 1e6 / _per_core(r))),
        line(f"p99, {CONNECTIONS} connections", "ms", many(lambda r: r.p99_us / 1000)),
        line("added p50, 1 connection", "µs", added, target=Target(400)),
        line(
            f"CPU an event, {STREAMS} streams",
            "µs",
            lambda name: [_per_event(one.stream) for one in rounds[name] if one.stream],
            target=Target(15, of="ratio", goal=40),
        ),
        Line(
            f"memory a stream, {OPEN_STREAMS} open",
            figure([crowd.open_mb * 1000 / OPEN_STREAMS], "kB"),
            target=Target(100),
        ),
        Line(f"p99 of the first byte, {OPEN_STREAMS} open", figure([crowd.p99_us / 1000], "ms")),
        line(
            "memory idle, ours with the runner (PSS)",
            "MB",
            lambda name: [whole if name == _OURS else idle[name]],
            target=Target(2, of="ratio"),
        ),
        line("memory of its process at the end (PSS)", "MB", lambda name: [memory[name]]),
        Line("p50 of the bare upstream", figure([one.alone.p50_us for one in rounds[_DIRECT]], "µs")),
    ]
