"""What the pool counts, in Prometheus's text format (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping


class Tally:
    """Loads, evictions, failures and waiting by model, since the runner began."""

    def __init__(self) -> None:
        self._load_seconds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0])
        self._queue_seconds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0])
        self._evictions: dict[str, int] = defaultdict(int)
        self._failures: dict[str, int] = defaultdict(int)

    def loaded(self, model: str, seconds: float) -> None:
        _add(self._load_seconds[model], seconds)

    def queued(self, model: str, seconds: float) -> None:
        """A lease was given after so long."""
        _add(self._queue_seconds[model], seconds)

    def evicted(self, model: str) -> None:
        """It gave way to another model."""
        self._evictions[model] += 1

    def failed(self, model: str) -> None:
        self._failures[model] += 1

    def text(self, held: Mapping[str, Mapping[str, int]], waiting: Mapping[str, int]) -> str:
        """All of it, with the bytes that models hold by device, and how many leases wait."""
        bytes_held = [
            (f'model="{_quoted(model)}",device="{_quoted(device)}"', size)
            for model, share in held.items()
            for device, size in share.items()
        ]
        lines = [
            *_summary("model_load_seconds", "Seconds that loads took.", self._load_seconds),
            *_summary("model_queue_seconds", "Seconds until a lease was given.", self._queue_seconds),
            *_counters("model_evictions", "Times that a model gave way to another.", self._evictions),
            *_counters("model_failures", "Loads that failed and engines that died.", self._failures),
            *_family("model_waiting", "gauge", "Leases that wait.", _plain("model_waiting", waiting)),
            *_family("model_bytes", "gauge", "Memory that a model holds.", _labelled("model_bytes", bytes_held)),
        ]
        return "".join(f"{line}\n" for line in lines)


def _add(sums: list[float], value: float) -> None:
    sums[0] += value
    sums[1] += 1


def _family(name: str, kind: str, text: str, samples: Iterable[str]) -> Iterator[str]:
    yield f"# HELP penstock_{name} {text}"
    yield f"# TYPE penstock_{name} {kind}"
    yield from samples


def _summary(name: str, text: str, sums: Mapping[str, list[float]]) -> Iterator[str]:
    yield from _family(name, "summary", text, ())
    for model, (total, count) in sums.items():
        label = f'{{model="{_quoted(model)}"}}'
        yield f"penstock_{name}_sum{label} {total:.6f}"
        yield f"penstock_{name}_count{label} {count:.0f}"


def _counters(name: str, text: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield from _family(f"{name}_total", "counter", text, _plain(f"{name}_total", counts))


def _plain(name: str, values: Mapping[str, int]) -> Iterator[str]:
    yield from _labelled(name, ((f'model="{_quoted(model)}"', value) for model, value in values.items()))


def _labelled(name: str, values: Iterable[tuple[str, int]]) -> Iterator[str]:
    for labels, value in values:
        yield f"penstock_{name}{{{labels}}} {value}"


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
