"""ARC tasks solved by enumeration over the routines of `agentmem.worlds.arc.dsl`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    outcome = search(library, SIGNATURE, inputs, outputs, guide=guide, limits=limits, policy=policy)
    attempts = tuple(
        Attempt(one.text, tuple(map(_grid, one.results[len(outputs) :])), one.tried) for one in outcome.found
    )
    return Attempts(attempts, outcome)


def _grid(array: np.ndarray[tuple[int, ...], np.dtype[np.int8]]) -> Grid:
    return tuple(tuple(map(int, row)) for row in array.tolist())
