"""ARC tasks are solved by enumeration, from what is visible alone."""

import ast
from dataclasses import replace

import numpy as np
import pytest

from agentmem.worlds.arc import solutions
from agentmem.worlds.arc.dsl import LIBRARY
from agentmem.worlds.arc.solver import solve
from agentmem.worlds.arc.solver.enumeration import Limits, guide_of, uses_of
from agentmem.worlds.arc.tasks import Pair, Task, find_tasks

SHORT = ("007bbfb7", "0dfd9992", "1cf80156", "6150a2bd")
"""Tasks with programs of one or two routines."""
LIMITS = Limits(tried=4_000)


def task(id: str) -> Task:
    return find_tasks(f"arcagi/training/{id}")[0]


def run(program: str, grid: object) -> list[list[int]]:
    names: dict[str, object] = {}
    exec(program, names)
    return names["transform"](np.array(grid, dtype=np.int8)).tolist()  # type: ignore[operator]


@pytest.mark.parametrize("id", SHORT)
def test_a_task_of_a_short_program_is_solved(id: str) -> None:
    found = solve(task(id), limits=LIMITS).attempts[0]
    assert found.outputs == task(id).answers
    ast.parse(found.program)
    for pair in (*task(id).train, *task(id).test):
        assert run(found.program, pair.input) == [list(row) for row in pair.output or ()]


def test_other_answers_change_nothing() -> None:
    for id in SHORT[1:3]:
        told = task(id)
        changed = replace(told, test=tuple(Pair(one.input, ((5,),)) for one in told.test))
        first, second, third = (solve(one, limits=LIMITS) for one in (told, told.visible(), changed))
        assert first.attempts == second.attempts == third.attempts
        assert first.outcome.tried == second.outcome.tried == third.outcome.tried


def test_the_past_of_a_like_task_finds_sooner() -> None:
    """99b1bc43 and f2829549 ask for cells of two halves in other ways than the programs that guide."""
    past = [(uses_of(solutions.program(id), LIBRARY), 1.0) for id in ("94f9d214", "3428a4f5", "1b2d62fb")]
    alone = solve(task("f2829549"), limits=Limits(tried=3_000))
    guided = solve(task("f2829549"), guide=guide_of(past), limits=Limits(tried=3_000))
    assert alone.attempts == ()
    assert guided.attempts[0].outputs == task("f2829549").answers


def test_colours_that_are_not_seen_are_not_tried() -> None:
    grid = ((0, 1), (1, 0))
    grey = Task("grey", (Pair(grid, ((5, 5), (5, 5))),), (Pair(grid),))
    assert "GREY" in solve(grey, limits=LIMITS).attempts[0].program
    odd = Task("none", (Pair(grid, ((0, 0, 1), (1, 1, 1), (1, 0, 1))),), (Pair(grid),))
    assert solve(odd, limits=Limits(tried=50)).attempts == ()
