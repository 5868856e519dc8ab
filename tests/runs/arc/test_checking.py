"""What is told of a program: from visible pairs, whatever the program does."""

from __future__ import annotations

import pytest

from agentmem.runs.arc.checking import check
from agentmem.worlds.arc.tasks import Pair, Task

TASK = Task(
    "t",
    (Pair(((1, 2),), ((2, 1),)), Pair(((3, 4),), ((4, 3),))),
    (Pair(((5, 6),), ((6, 5),)),),
)


@pytest.mark.parametrize(
    ("body", "reason", "fits", "said"),
    [
        ("return grid[:, ::-1]", "", (True, True), "Example 2: right."),
        ("return grid", "wrong", (False, False), "Example 1: wrong: 2 of 2 cells: row 0, column 0 is 1 and"),
        (
            "return grid.T",
            "wrong",
            (False, False),
            "output has 2 x 1 cells (rows x columns), it should have 1 x 2",
        ),
        ("return [[2, 1]]", "wrong", (True, False), "Example 2: wrong"),
        ("return grid[9]", "raised", (False, False), "Example 1: no output (raised): line 2: IndexError"),
        ("return grid * 10", "bad answer", (False, False), "no grid: it has 10 in row 1, column 1"),
        ("return 'x' * 9", "bad answer", (False, False), "it is str, not rows of cells"),
        ("return open('/etc/passwd')", "forbidden", (False, False), "no output (forbidden)"),
        (
            "return grid[:, ::-1] if grid[0, 0] < 5 else 1",
            "bad answer",
            (True, True),
            "Test input 1: no output",
        ),
        (
            "from agentmem.worlds.arc.dsl import flip_left_right as f; return f(grid)",
            "",
            (True, True),
            "right",
        ),
        ("return +", "syntax", (False, False), "no output (syntax)"),
    ],
)
def test_a_program_is_told_what_is_wrong_with_it(box, body, reason, fits, said):
    found = check(f"def transform(grid):\n    {body}\n", TASK, box)
    assert (found.reason, found.fits) == (reason, fits)
    assert any(said in line for line in found.lines)


def test_hidden_outputs_are_not_looked_at(box):
    other = Task(TASK.id, TASK.train, (Pair(((5, 6),), ((9,),)),))
    program = "def transform(grid):\n    return grid[:, ::-1]\n"
    assert check(program, TASK, box) == check(program, other, box) == check(program, TASK.visible(), box)


def test_many_wrong_cells_are_counted_and_some_are_told(box):
    zeros, ones = tuple((0,) * 10 for _ in range(10)), tuple((1,) * 10 for _ in range(10))
    task = Task("t", (Pair(zeros, ones),), (Pair(zeros),))
    (line,) = check("def transform(grid):\n    return grid", task, box).lines
    assert "100 of 100 cells" in line and "and 88 more" in line and len(line) < 800
