"""What Prometheus reads at /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest


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

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self.registry)
