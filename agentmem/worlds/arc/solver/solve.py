"""ARC tasks solved by enumeration over the routines of `agentmem.worlds.arc.dsl`."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.concept.routines import Library
from agentmem.worlds.arc.dsl import LIBRARY
from agentmem.worlds.arc.grids import Grid
from agentmem.worlds.arc.solver.enumeration import (
    Guide,
    Limits,
    Outcome,
    SearchPolicy,
    Signature,
    search,
)
from agentmem.worlds.arc.tasks import Task

SIGNATURE = Signature(
    parameter="grid", parameter_type="Grid", output="Grid", module="agentmem.worlds.arc.dsl"
)
"""What a program for a task is: `def transform(grid: Grid) -> Grid`."""

_COLOUR = "Colour"


@dataclass(frozen=True)
class Attempt:
    """A program that gives the outputs of all examples of a task.

    Attributes:
        program: Its text, with the import of what it uses.
        outputs: What it gives for the task's test inputs, in their order.
        tried: How many programs had been tried when it was found.
    """

    program: str
    outputs: tuple[Grid, ...]
    tried: int


@dataclass(frozen=True)
class Attempts:
    """What the search for a task came to.

    Attributes:
        attempts: Programs found, the likeliest first; any two differ in what they give for some test input.
        outcome: Programs tried, seconds, and why the search ended.
    """

    attempts: tuple[Attempt, ...]
    outcome: Outcome


def solve(
    task: Task,
    *,
    guide: Guide | None = None,
    limits: Limits | None = None,
    policy: SearchPolicy | None = None,
    library: Library = LIBRARY,
) -> Attempts:
    """Searches programs that map the inputs of a task's examples to their outputs.

    Outputs of tests are not looked at; test inputs are, since a program must have a value for them too.
    Colours that no grid of the task shows are not tried, black excepted.

    Args:
        task: With or without the outputs of its tests.
        guide: What is likely, from a memory; none: everything alike.
        limits: Where to stop; `answers` is the number of attempts.
        policy: Constants of the search.
        library: Of routines over grids, numpy arrays of int8, (height, width).

    Raises:
        InvalidInput: as `search`.
    """
    seen = task.visible()
    inputs = [np.array(pair.input, dtype=np.int8) for pair in (*seen.train, *seen.test)]
    outputs = [np.array(pair.output, dtype=np.int8) for pair in seen.train]
    outcome = search(
        _of_what_is_seen(library, inputs + outputs),
        SIGNATURE,
        inputs,
        outputs,
        guide=guide,
        limits=limits,
        policy=policy,
    )
    attempts = tuple(
        Attempt(one.text, tuple(map(_grid, one.results[len(outputs) :])), one.tried) for one in outcome.found
    )
    return Attempts(attempts, outcome)


def _of_what_is_seen(library: Library, grids: list[NDArray[np.int8]]) -> Library:
    """The library without the colours that no grid has."""
    seen = {0, *(int(colour) for grid in grids for colour in np.unique(grid))}
    types = {
        name: type_
        for name, type_ in library.constant_types.items()
        if type_ != _COLOUR or library.constants[name] in seen
    }
    return replace(library, constants={name: library.constants[name] for name in types}, constant_types=types)


def _grid(array: NDArray[np.int8]) -> Grid:
    return tuple(tuple(map(int, row)) for row in array.tolist())
