"""Tasks of grids, small enough to be solved at once, and a model that reads its answers from a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from agentmem.models.base import Answer, Cancellation, ChatModel, Request, Usage
from agentmem.runs.arc.results import Row
from agentmem.worlds.arc.grids import Grid
from agentmem.worlds.arc.tasks import Pair, Task

INPUTS: tuple[Grid, ...] = (((1, 2, 0), (0, 3, 4)), ((5, 0, 0), (6, 7, 1)), ((2, 2, 9), (8, 0, 1)))
FLIP = "def transform(grid):\n    return grid[:, ::-1]\n"
SAME = "def transform(grid):\n    return grid\n"


def mirrored(grid: Grid) -> Grid:
    return tuple(row[::-1] for row in grid)


def upended(grid: Grid) -> Grid:
    return grid[::-1]


def task(id: str, rule: Callable[[Grid], Grid]) -> Task:
    """Two examples of a rule, and a test."""
    *examples, asked = INPUTS
    return Task(
        id, tuple(Pair(one, rule(one)) for one in examples), (Pair(asked, rule(asked)),), f"made {id}"
    )


def told(program: str) -> str:
    return f"The rule is plain.\n\n```python\n{program}```\n"


class Reading(ChatModel):
    """Gives the answers of a list, and the last one again; an answer that is an error is raised."""

    name = "reading"

    def __init__(self, answers: Iterable[str | Exception]) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        self.asked.append(request)
        given = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(given, Exception):
            raise given
        return Answer(text=given, usage=Usage(prompt_tokens=40, completion_tokens=2))


def plain(rows: Iterable[Row], *, ids: bool = True) -> list[dict[str, Any]]:
    """Rows without what differs each time: the seconds, and ids of concepts where these are not given."""
    found = []
    for row in rows:
        told = row.model_dump()
        del told["outcome"]["seconds"]
        if not ids:
            told["cited"] = len(told["cited"])
            for concept in told["outcome"]["selected"]:
                del concept["id"]
        found.append(told)
    return found
