"""What a recall spends its time on, by stage; measured only where somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter
from typing import Literal

Stage = Literal["refresh", "embed", "candidates", "fuse", "load"]
Seconds = dict[Stage, float]

_measured: ContextVar[Seconds | None] = ContextVar("measured", default=None)


@contextmanager
def measured() -> Iterator[Seconds]:
    """Collect the seconds that recalls inside spend in each stage."""
    seconds: Seconds = {}
    token = _measured.set(seconds)
    try:
        yield seconds
    finally:
        _measured.reset(token)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """What runs inside belongs to the stage `name`."""
    seconds = _measured.get()
    if seconds is None:
        yield
        return
    began = perf_counter()
    try:
        yield
    finally:
        seconds[name] = seconds.get(name, 0.0) + perf_counter() - began
