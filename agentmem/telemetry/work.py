"""Pieces of work: what they took and counted, for spans, metrics, the log of slow recalls, and benchmarks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from time import perf_counter
from types import TracebackType
from typing import Self

from agentmem.telemetry.api import NAME, Api, Attributes, Begun, api, failure, named

SLOW = "agentmem.slow"
"""The logger of what took longer than it may."""
FACTS = ("records", "candidates", "built")
"""Counted of every recall: records where it searched, those that were scored, indexes built for it."""


class Measured:
    """What a piece of work came to.

    Attributes:
        seconds: By part; one whose name has a dot lies within the part before the dot.
        facts: Numbers by name, and by what they are of.
        there: Who hears of its parts.
    """

    def __init__(self, there: Api | None = None) -> None:
        self.there = there
        self.seconds: dict[str, float] = {}
        self.facts: dict[tuple[str, Hashable], int] = {}

    def add(self, part: str, seconds: float) -> None:
        """Add to a part."""
        self.seconds[part] = self.seconds.get(part, 0.0) + seconds

    def include(self, other: Measured) -> None:
        """Add what lay within."""
        for part, seconds in other.seconds.items():
            self.add(part, seconds)
        self.facts |= other.facts

    @property
    def totals(self) -> dict[str, int]:
        """The numbers by name, added up."""
        found: Counter[str] = Counter()
        for (name, _), n in self.facts.items():
            found[name] += n
        return dict(found)


_measured: ContextVar[Measured | None] = ContextVar("agentmem_measured", default=None)


class Idle:
    """A piece of work of which nobody asks anything."""

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is told."""

    def set(self, **attributes: str | float | None) -> None:
        """Tell more of it: numbers and names."""

    def used(self, input_tokens: int, output_tokens: int, finish: str) -> None:
        """Tell what a language model took, and why it ended."""


IDLE = Idle()


class Piece(Idle):
    """A piece of work that is timed, and a span where there is OpenTelemetry."""

    __slots__ = ("_api", "_began", "_begun", "_title", "attributes")
    is_call = False

    def __init__(self, title: str, attributes: Attributes, there: Api | None) -> None:
        self._title = title
        self.attributes = attributes
        self._api = there
        self._begun: Begun | None = None
        self._began = 0.0

    def __enter__(self) -> Self:
        if self._api is not None:
            self._begun = self._api.begin(self._title, self.attributes, is_call=self.is_call)
        self._began = perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended(perf_counter() - self._began, error)
        if self._api is not None and self._begun is not None:
            self._api.end(self._begun, error)

    def tell(self, attributes: Attributes) -> None:
        """Attributes of its span, by their full names."""
        if self._begun is not None:
            self._begun[0].set_attributes(dict(attributes))

    def set(self, **attributes: str | float | None) -> None:
        """Tell more of it."""
        self.tell(named(attributes))

    def ended(self, seconds: float, error: BaseException | None) -> None:
        """Tell what it took."""


class Operation(Piece):
    """What a caller asked for."""

    __slots__ = ("_limit", "_measured", "_name", "_outer", "_told")

    def __init__(
        self, name: str, told: dict[str, str | float | None], limit: float | None, there: Api | None
    ) -> None:
        super().__init__(f"{NAME}.{name}", named(told), there)
        self._name = name
        self._told = told
        self._limit = limit
        self._measured = Measured(there)
        self._outer: Token[Measured | None] | None = None

    def __enter__(self) -> Self:
        self._outer = _measured.set(self._measured)
        return super().__enter__()

    def set(self, **attributes: str | float | None) -> None:
        """Tell more of it."""
        self._told |= attributes
        super().set(**attributes)

    def ended(self, seconds: float, error: BaseException | None) -> None:
        """Tell what it took."""
        if self._outer is not None:
            _measured.reset(self._outer)
        if (outer := _measured.get()) is not None:
            outer.include(self._measured)
        if self._api is not None:
            self.tell(named(self._measured.totals))
            labels = named({"store": self._told.get("store")}) | failure(error)
            self._api.record(f"{NAME}.{self._name}.duration", seconds, labels)
        if self._limit is not None and seconds > self._limit:
            self._log(seconds, error)

    def _log(self, seconds: float, error: BaseException | None) -> None:
        from agentmem.logs import logger

        told = {name: value for name, value in self._told.items() if value is not None}
        told |= {name: self._measured.totals.get(name, 0) for name in FACTS}
        if error is not None:
            told["error"] = type(error).__name__
        parts = {name: round(spent, 6) for name, spent in self._measured.seconds.items()}
        line = " ".join(f"{name}={value}" for name, value in told.items())
        within = " ".join(f"{name}={spent:.3f}" for name, spent in parts.items())
        extra = {"operation": self._name, "seconds": round(seconds, 6), "parts": parts, **told}
        logger(SLOW).warning("slow %s: seconds=%.3f %s; %s", self._name, seconds, line, within, extra=extra)


class Part(Piece):
    """A part of an operation."""

    __slots__ = ("_name", "_of")

    def __init__(self, name: str, of: Measured, attributes: Attributes) -> None:
        super().__init__(f"{NAME}.{name}", attributes, of.there)
        self._name = name
        self._of = of
        of.add(name, 0.0)  # in the order in which they begin

    def ended(self, seconds: float, error: BaseException | None) -> None:
        """Tell what it took."""
        self._of.add(self._name, seconds)
        if self._api is not None:
            labels = {f"{NAME}.part": self._name} | failure(error)
            self._api.record(f"{NAME}.part.duration", seconds, labels)


def operation(name: str, *, limit: float | None = None, **attributes: str | float | None) -> Idle:
    """What a caller asked for, as a context: its parts are measured.

    Args:
        name: What it is: `recall`.
        limit: Seconds above which it is logged; none: it is not.
        attributes: Numbers and names; `store` is one of its metrics too.
    """
    there = api()
    if there is None and limit is None:
        return IDLE
    return Operation(name, attributes, limit, there)


def part(name: str, **attributes: str | float | None) -> Idle:
    """A part of the operation that goes on here, as a context; `candidates.text` lies within `candidates`."""
    of = _measured.get()
    return IDLE if of is None else Part(name, of, named(attributes))


def is_watched() -> bool:
    """Whether somebody asks for facts of what is done here."""
    return _measured.get() is not None


def fact(name: str, n: int, of: Hashable = None) -> None:
    """A number of what is done here; said again of the same, the last one holds, and others add up."""
    if (measured_here := _measured.get()) is not None:
        measured_here.facts[(name, of)] = n


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """Collect the seconds that each part of what is done inside takes."""
    here = Measured()
    token = _measured.set(here)
    try:
        yield here.seconds
    finally:
        _measured.reset(token)
