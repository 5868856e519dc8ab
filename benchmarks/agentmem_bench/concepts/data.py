"""What the benchmark of concepts reads: problems, concepts, and which problem uses which."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agentmem.errors import FormatError, NotFound

REMEDY = "see `agentmem bench concepts --example`"


class _Value(BaseModel):
    """A part of the file; keys that it does not name are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Problem(_Value):
    """A problem and its description."""

    id: str = Field(min_length=1)
    text: str


class Parameter(_Value):
    """What a concept takes."""

    name: str = ""
    type: str = ""


class Concept(_Value):
    """A concept, as a memory would hold it."""

    id: str = Field(min_length=1)
    title: str
    description: str = ""
    kind: str = ""
    cues: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    output_type: str = ""

    @model_validator(mode="before")
    @classmethod
    def _none_is_unsaid(cls, data: Any) -> Any:
        """What is written as null is not said."""
        return (
            {key: value for key, value in data.items() if value is not None}
            if isinstance(data, dict)
            else data
        )


class Use(_Value):
    """The concepts that a problem's solution uses."""

    problem: str = Field(min_length=1)
    concepts: tuple[str, ...]


class Dataset(_Value):
    """Problems, concepts and uses.

    Attributes:
        problems: At least one.
        concepts: At least one.
        uses: At most one entry for each problem; a concept that is named twice in it counts once.
    """

    problems: tuple[Problem, ...] = Field(min_length=1)
    concepts: tuple[Concept, ...] = Field(min_length=1)
    uses: tuple[Use, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_known_and_distinct(self) -> Self:
        problems = _distinct("problems", (one.id for one in self.problems))
        concepts = _distinct("concepts", (one.id for one in self.concepts))
        _distinct("uses", (one.problem for one in self.uses))
        for place, use in enumerate(self.uses, start=1):
            if use.problem not in problems:
                raise ValueError(f"uses.{place}: {use.problem!r} is the id of no problem")
            for id in use.concepts:
                if id not in concepts:
                    raise ValueError(
                        f"uses.{place} (problem {use.problem!r}): {id!r} is the id of no concept"
                    )
        return self


def _distinct(key: str, ids: Iterable[str]) -> set[str]:
    counts = Counter(ids)
    double = next((id for id, count in counts.items() if count > 1), None)
    if double is not None:
        raise ValueError(f"{key}: {double!r} stands there {counts[double]} times")
    return set(counts)


def read(file: Path) -> Dataset:
    """Read a data set of concepts, JSON.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as the format says: names the file, the entry (from 1) and the key.
    """
    if not file.is_file():
        raise NotFound(f"{file} does not exist", "give a JSON file")
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file} is no JSON: {error}", REMEDY) from error
    try:
        return Dataset.model_validate(data)
    except ValidationError as error:
        raise FormatError(f"{file}, {_first(error)}", REMEDY) from error


def _first(error: ValidationError) -> str:
    """Where the first fault is, entries counted from 1, and what it is."""
    fault = error.errors()[0]
    place = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in fault["loc"])
    message = fault["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
