"""Paired values: what every unit that repeats came to, so that two results can be held against each other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Annotated

from pydantic import Field, RootModel

DIGITS = 6
"""Decimals of a value that are kept."""

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Note = Callable[[str, Sequence[float]], None]
"""Takes up a measure, and its value of each unit, where somebody else knows what the units are called."""


class Paired(RootModel[dict[str, dict[str, Number]]]):
    """The key `paired` of a result: by measure, the value of each unit by the unit's id.

    A measure's name says what is measured, and of which system: `recall@10 full`. A unit is what intervals
    are drawn over: a question, a problem, a scenario, a persona, a stream. The mean over the units that
    belong to a printed mean is that mean.
    """

    root: dict[str, dict[str, Number]] = Field(default_factory=dict)

    def note(self, measure: str, units: Iterable[str], values: Iterable[float]) -> None:
        """Keep a value for each unit; a measure that is there gets further units.

        An id that is there twice is numbered, so that no value is lost.

        Raises:
            ValueError: there are not as many values as units.
        """
        for unit, value in zip(units, values, strict=True):
            kept = self.root.setdefault(measure, {})
            kept[_free(unit, kept)] = round(float(value), DIGITS)

    def told(self) -> dict[str, dict[str, float]]:
        """As it stands in a result."""
        return {measure: dict(values) for measure, values in self.root.items()}


def _free(unit: str, taken: Mapping[str, float]) -> str:
    if unit not in taken:
        return unit
    return next(name for number in count(2) if (name := f"{unit} #{number}") not in taken)


def unnoted(measure: str, values: Sequence[float]) -> None:
    """Keep nothing."""


def digest(parts: Iterable[str]) -> str:
    """SHA-256, in hexadecimal, of data that are no single file: units pair up only where it is the same."""
    made = hashlib.sha256()
    for part in parts:
        made.update(part.encode() + b"\0")
    return made.hexdigest()
