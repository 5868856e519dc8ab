"""Guidance of a search: how likely each routine and constant is, and what fills which parameter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agentmem.errors import InvalidInput

INPUT = "input"
"""The name by which fills speak of a program's input, whatever its parameter is called."""


RESULT = ""
"""The place, in fills, of what a program gives."""


@dataclass(frozen=True)
class Guide:
    """What a memory says of the program that is looked for; an empty one says nothing.

    Attributes:
        weights: Of routines and constants, by name, on any scale, none negative: of what was selected its
            score, or how often it was used.
        fills: By a routine's parameter, written `routine.parameter`, how often (a count or a weighted one)
            a routine, a constant or `INPUT` stood there in past programs; by `RESULT`, how often as what a
            program gives.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    fills: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Holds every number to be a weight.

        Raises:
            InvalidInput: one is negative or no number.
        """
        for name, weight in self.weights.items():
            _hold(f"weight of {name!r}", weight)
        for place, names in self.fills.items():
            for name, weight in names.items():
                _hold(f"weight of {name!r} for {place!r}", weight)


def _hold(what: str, weight: float) -> None:
    if not (math.isfinite(weight) and weight >= 0):
        raise InvalidInput(f"{what} is {weight}", "give a number from 0 on")


def mixed(weights: Mapping[str, float], names: Iterable[str], trust: float) -> dict[str, float]:
    """Probabilities of `names`: `trust` goes by their weights, the rest to each alike.

    So nothing becomes unreachable: p = trust · w / Σw + (1 − trust) / N, and 1 / N where none has a weight.
    """
    listed = tuple(dict.fromkeys(names))
    total = sum(weights.get(name, 0.0) for name in listed)
    if not total:
        return {name: 1 / len(listed) for name in listed}
    return {name: trust * weights.get(name, 0.0) / total + (1 - trust) / len(listed) for name in listed}


def smoothed(counts: Mapping[str, float], before: Mapping[str, float], strength: float) -> dict[str, float]:
    """Probabilities after `counts`, by a Dirichlet prior of mean `before` that counts as `strength` of them.

    p = (c + strength · before) / (Σc + strength): MacKay and Peto 1995, "A hierarchical Dirichlet language
    model".
    """
    total = sum(counts.get(name, 0.0) for name in before)
    return {
        name: (counts.get(name, 0.0) + strength * share) / (total + strength)
        for name, share in before.items()
    }
