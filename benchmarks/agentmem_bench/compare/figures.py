"""Single figures of two results side by side: what was measured once gives a ratio, and no test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentmem.records import Value
from agentmem_bench.compare.leaves import Path, leaves

LEFT_OUT = ("schema", "machine", "versions", "git", "seed", "seeds", "bootstrap", "paired")
"""Keys that hold no figures, but where they come from, and what is tested."""
RAW = ("trials", "curve", "personas")
"""Keys anywhere that hold rows behind figures."""
BOUNDS = ("ci95", "interval")
"""Ends of keys that hold the bounds of a figure."""
APART = 0.01
"""The share by which two figures must differ to be shown."""


class Figure(Value):
    """A number that both results have under the same path.

    Attributes:
        path: Keys, and what names entries of lists.
        a: In the first result.
        b: In the second one.
    """

    path: tuple[str, ...]
    a: float
    b: float

    @property
    def ratio(self) -> float | None:
        """B over A; none where A is 0."""
        return self.b / self.a if self.a else None

    @property
    def apart(self) -> bool:
        """Whether they differ by more than `APART` of the larger one."""
        return abs(self.b - self.a) > APART * max(abs(self.a), abs(self.b))


def side_by_side(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Figure]:
    """All figures of the same path, in the order of the first result."""
    other = dict(_numbers(second))
    return [Figure(path=path, a=value, b=other[path]) for path, value in _numbers(first) if path in other]


def _numbers(told: Mapping[str, Any]) -> Iterator[tuple[Path, float]]:
    for path, leaf in leaves({key: value for key, value in told.items() if key not in LEFT_OUT}):
        if isinstance(leaf, int | float) and not isinstance(leaf, bool) and not any(map(_no_figure, path)):
            yield path, float(leaf)


def _no_figure(key: str) -> bool:
    return key in RAW or key.endswith(BOUNDS)
