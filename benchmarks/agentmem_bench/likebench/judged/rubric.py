"""The rubric: what each dimension asks, when it applies, and what its five levels mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Self

import yaml
from pydantic import model_validator

from agentmem.records import Text, Value
from agentmem_bench.likebench.personas.schema import DIMENSIONS, Dimension

LEVELS = (1, 2, 3, 4, 5)


class Criterion(Value):
    """One dimension.

    Attributes:
        title: Its name.
        asks: The user's question.
        applies: When it can be answered; else the rating is NA.
        levels: What each rating means, 1 to 5.
    """

    title: Text
    asks: Text
    applies: Text
    levels: Mapping[int, Text]

    @model_validator(mode="after")
    def _is_anchored(self) -> Self:
        if tuple(self.levels) != LEVELS:
            raise ValueError("each of the levels 1 to 5 has a sentence")
        return self


class Rubric(Value):
    """All dimensions."""

    criteria: Mapping[Dimension, Criterion]


@cache
def rubric() -> Mapping[Dimension, Criterion]:
    """The criterion of each dimension, in the order of the tables."""
    found = yaml.safe_load((files(__package__) / "rubric.yaml").read_text(encoding="utf-8"))
    criteria = Rubric(criteria=found).criteria
    return {dimension: criteria[dimension] for dimension in DIMENSIONS}
