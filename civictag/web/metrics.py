"""What the service counts about itself, for Prometheus. No text, no file name, no client enters a metric."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one application, in a registry of its own: two in a process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        labels = ["method", "route", "status"]
        make = {"registry": self.registry, "namespace": "civictag"}
        self.requests = Counter("requests", "Requests answered.", labels, **make)  # type: ignore[arg-type]
        self.seconds = Histogram(
            "request_seconds", "From a request's head to its answer's end.", ["route"],
            registry=self.registry, namespace="civictag", buckets=_SECONDS,
        )  # fmt: skip
        self.paragraphs = Counter("paragraphs", "Body paragraphs tagged.", **make)  # type: ignore[arg-type]
        self.articles = Counter("articles", "Articles tagged.", **make)  # type: ignore[arg-type]
        self.under_way = Gauge("requests_under_way", "Requests for tagging that hold a place.", **make)  # type: ignore[arg-type]
        self.model = Gauge("model_info", "1 for the model in use.", ["name", "version", "sha256"], **make)  # type: ignore[arg-type]

    def text(self) -> bytes:
        """All of them in the exposition format."""
        return generate_latest(self.registry)
