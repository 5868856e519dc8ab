"""OpenTelemetry by its API alone: the application says what becomes of spans and metrics.

agentmem never loads the API: who has not imported it in this process has not configured it either.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeAlias
from weakref import WeakSet

if TYPE_CHECKING:
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.metrics import CallbackOptions, Histogram, Observation
    from opentelemetry.metrics import Counter as CounterOf
    from opentelemetry.trace import Span

NAME = "agentmem"
ERROR = "error.type"
OWN = ("opentelemetry.trace", "opentelemetry.metrics")
"""Where the API's own stand-ins come from."""
Attributes: TypeAlias = Mapping[str, str | int | float | tuple[str, ...]]
Begun: TypeAlias = "tuple[Span, Token[Context] | None]"
"""A span, and what ends its being the current one."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 100.0)
TOKENS = tuple(float(4**power) for power in range(14))
"""Bounds of histograms: those of the semantic conventions for tokens, ever ×2 to ×2.5 for seconds."""
COUNTERS = {
    "events": ("{event}", "Events given to the journal, by what became of them."),
    "events.redacted": ("{event}", "Events in which something was masked, or taken out."),
    "records.retired": ("{record}", "Record versions by which a record left recall."),
}


class Watched(Protocol):
    """Something of which the events that wait are counted."""

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked of it any more."""

    @property
    def place(self) -> Hashable:
        """The same for two that tell of the same events."""

    def waiting(self) -> Mapping[tuple[str, str], int]:
        """How many events wait, by store and state."""


class Api:
    """The tracer and the instruments of agentmem."""

    def __init__(self) -> None:
        from opentelemetry import context, metrics, trace

        self._context, self._trace, self._metrics = context, trace, metrics
        self._is_set_up = False
        self._tracer = trace.get_tracer(NAME)
        self._meter = metrics.get_meter(NAME)
        self._observation = metrics.Observation
        self._lock = threading.Lock()
        self._histograms: dict[str, Histogram] = {}
        self._counters: dict[str, CounterOf] = {
            name: self._meter.create_counter(f"{NAME}.{name}", unit, description)
            for name, (unit, description) in COUNTERS.items()
        }
        self._seen: Counter[tuple[str, str]] = Counter()
        self._meter.create_observable_gauge(
            f"{NAME}.pending", [self._pending], "{event}", "Events that stores have not interpreted yet."
        )

    def is_set_up(self) -> bool:
        """Whether somebody hears: before, the API's own stand-ins are the providers, and all goes nowhere."""
        if not self._is_set_up:
            providers = self._trace.get_tracer_provider(), self._metrics.get_meter_provider()
            self._is_set_up = any(not type(one).__module__.startswith(OWN) for one in providers)
        return self._is_set_up

    def begin(self, title: str, attributes: Attributes, *, is_call: bool) -> Begun:
        """Begin a span, and make it the current one unless nobody follows it."""
        kind = self._trace.SpanKind.CLIENT if is_call else self._trace.SpanKind.INTERNAL
        span = self._tracer.start_span(title, kind=kind, attributes=dict(attributes))
        if not span.get_span_context().is_valid:
            return span, None
        return span, self._context.attach(self._trace.set_span_in_context(span))

    def end(self, begun: Begun, error: BaseException | None) -> None:
        """End a span; of an error its kind is told, and never its words."""
        span, token = begun
        if token is not None:
            self._context.detach(token)
        if error is not None:
            span.set_attributes(failure(error))
            span.set_status(self._trace.StatusCode.ERROR)
        span.end()

    def record(self, name: str, value: float, attributes: Attributes, unit: str = "s") -> None:
        """Add a value to a histogram: seconds, or what `unit` says."""
        histogram = self._histograms.get(name)
        if histogram is None:
            with self._lock:
                bounds = SECONDS if unit == "s" else TOKENS
                histogram = self._histograms.setdefault(
                    name,
                    self._meter.create_histogram(name, unit, explicit_bucket_boundaries_advisory=bounds),
                )
        histogram.record(value, attributes)

    def count(self, name: str, n: int, attributes: Attributes) -> None:
        """Add to a counter."""
        self._counters[name].add(n, attributes)

    def _pending(self, _: CallbackOptions) -> Iterator[Observation]:
        """What waits in the banks that are open; zero is told too, where something waited before."""
        waiting: Counter[tuple[str, str]] = Counter(dict.fromkeys(self._seen, 0))
        for one in {one.place: one for one in _everyone() if not one.closed}.values():
            waiting.update(one.waiting())
        self._seen = waiting
        for (store, state), n in waiting.items():
            yield self._observation(n, {"agentmem.store": store, "agentmem.state": state})


def api() -> Api | None:
    """OpenTelemetry; none where nothing in this process has imported it, or nobody has set it up."""
    if "opentelemetry" not in sys.modules:
        return None
    there = _opened()
    return there if there is not None and there.is_set_up() else None


@cache
def _opened() -> Api | None:
    try:
        return Api()
    except ImportError:  # some other distribution below the same name
        return None


def count(name: str, n: int = 1, **attributes: str) -> None:
    """Count events or records; `attributes` stand below `agentmem`."""
    if n and (there := api()) is not None:
        there.count(name, n, named(attributes))


def named(attributes: Mapping[str, str | int | float | None]) -> dict[str, str | int | float]:
    """Attributes by their names in OpenTelemetry, without those that say nothing."""
    return {f"{NAME}.{name}": value for name, value in attributes.items() if value is not None}


def failure(error: BaseException | None) -> dict[str, str]:
    """What is told of an error: its kind."""
    return {} if error is None else {ERROR: type(error).__name__}


_watched: WeakSet[Watched] = WeakSet()
_watching = threading.Lock()


def watch(one: Watched) -> None:
    """Count what waits there, as long as it lives, whenever metrics are collected."""
    with _watching:
        _watched.add(one)


def _everyone() -> list[Watched]:
    with _watching:
        return list(_watched)
