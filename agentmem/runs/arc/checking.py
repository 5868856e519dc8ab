"""What a program does on the visible pairs of a task, and what is told of the examples it does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from agentmem.errors import InvalidInput
from agentmem.worlds.arc.grids import Grid, grid_of, shape
from agentmem.worlds.arc.tasks import Task
from agentmem.worlds.sandbox.pool import Sandbox
from agentmem.worlds.sandbox.verdicts import Answer

PRELUDE = "agentmem.worlds.arc.dsl"
"""The routines that programs may import."""
FUNCTION = "transform"
MOST_CELLS = 12
"""Wrong cells of an example that are told one by one."""
WRONG, NO_PROGRAM = "wrong", "no program"


@dataclass(frozen=True)
class Check:
    """What a program did.

    Attributes:
        fits: For each example, whether it gives its output.
        outputs: What it gives for the tests' inputs; none: no grid.
        reason: Why it is not right, in a word; empty: it fits all examples, and gives a grid for every test.
        detail: The first fault in words.
        lines: What is told of each example, and of tests without a grid.
    """

    fits: tuple[bool, ...]
    outputs: tuple[Grid | None, ...]
    reason: str
    detail: str
    lines: tuple[str, ...]


def check(program: str, task: Task, sandbox: Sandbox) -> Check:
    """Run a program on the inputs of a task, and compare what it gives with the outputs of the examples.

    Args:
        program: Its text, of a stranger.
        task: Of whose tests the inputs alone are looked at.
        sandbox: Runs it; with `PRELUDE`.

    Raises:
        Unavailable: no process can be started.
    """
    inputs: list[JsonValue] = [[list(row) for row in pair.input] for pair in (*task.train, *task.test)]
    answers = sandbox.run(program, inputs, FUNCTION, arrays=True).answers
    found = [_grid(answer) for answer in answers]
    examples, tests = found[: len(task.train)], found[len(task.train) :]
    fits = tuple(
        grid is not None and grid == pair.output
        for (grid, _, _), pair in zip(examples, task.train, strict=True)
    )
    faults = list(_faults(task, examples, tests))
    first = next(((reason, detail) for reason, detail in faults if reason), ("", ""))
    return Check(fits, tuple(grid for grid, _, _ in tests), *first, tuple(detail for _, detail in faults))


def _grid(answer: Answer) -> tuple[Grid | None, str, str]:
    """The grid that an answer is, or a reason and its detail."""
    if answer.reason is not None:
        return None, answer.reason, answer.detail
    try:
        return grid_of(answer.value, "it"), "", ""
    except InvalidInput as error:
        return None, "bad answer", f"what it returned is no grid: {error}"


def _faults(
    task: Task, examples: list[tuple[Grid | None, str, str]], tests: list[tuple[Grid | None, str, str]]
) -> Iterator[tuple[str, str]]:
    """A reason (empty: all is right) and a line for each example, and for each test without a grid."""
    for number, (pair, (grid, reason, detail)) in enumerate(zip(task.train, examples, strict=True), 1):
        if grid is None:
            yield reason, f"Example {number}: no output ({reason}): {detail}"
        elif grid == pair.output:
            yield "", f"Example {number}: right."
        else:
            yield WRONG, f"Example {number}: wrong: {_difference(grid, pair.output or ())}"
    for number, (grid, reason, detail) in enumerate(tests, 1):
        if grid is None:
            yield reason, f"Test input {number}: no output ({reason}): {detail}"


def _difference(given: Grid, wanted: Grid) -> str:
    if shape(given) != shape(wanted):
        sizes = [f"{rows} x {columns}" for rows, columns in (shape(given), shape(wanted))]
        return f"the program's output has {sizes[0]} cells (rows x columns), it should have {sizes[1]}."
    wrong = [
        f"row {i}, column {j} is {cell} and should be {wanted[i][j]}"
        for i, row in enumerate(given)
        for j, cell in enumerate(row)
        if cell != wanted[i][j]
    ]
    rest = f"; and {len(wrong) - MOST_CELLS} more" if len(wrong) > MOST_CELLS else ""
    cells = len(wanted) * len(wanted[0])
    return f"{len(wrong)} of {cells} cells: {'; '.join(wrong[:MOST_CELLS])}{rest} (rows and columns from 0)."
