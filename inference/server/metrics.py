"""What Prometheus reads at /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

# Names of models that are told apart; those beyond are counted as one: callers choose names.
_MOST_MODELS = 200


class Metrics:
    """Counts requests by route and status, and how long they take."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "penstock_http_requests", "HTTP requests answered.", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "penstock_http_request_seconds",
            "Seconds until the first byte of an answer.",
            ["route"],
            registry=self.registry,
        )
        self.tokens = Counter(
            "penstock_tokens", "Tokens that models were given and wrote.", ["model", "way"], registry=self.registry
        )

        self._models: set[str] = set()

    def count_tokens(self, model: str, given: int, written: int) -> None:
        """A model was given tokens and wrote some."""
        if model not in self._models and len(self._models) < _MOST_MODELS and given + written:
            self._models.add(model)
        label = model if model in self._models else "other"
        self.tokens.labels(label, "in").inc(given)
        self.tokens.labels(label, "out").inc(written)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
