"""Solves a task by enumeration: an exact number of programs is tried, the answers are the attempts."""

from __future__ import annotations

from agentmem.runs.arc.results import Step
from agentmem.worlds.arc.solver import solve
from agentmem.worlds.arc.solver.enumeration import Guide, Limits, Outcome
from agentmem.worlds.arc.tasks import Task


def search(
    task: Task, guide: Guide | None, *, attempts: int, tried: int
) -> tuple[tuple[tuple[Step, ...], ...], Outcome]:
    """The attempts, the likeliest first, and what the search came to.

    Args:
        task: Visible parts of it.
        guide: What is likely, from a memory.
        attempts: Answers at most.
        tried: Programs that are tried, unless there are enough answers before. The clock ends nothing, so
            that equal runs are equal on every machine.
    """
    limits = Limits(tried=tried, answers=attempts, seconds=None)
    found = solve(task, guide=guide, limits=limits)
    threads = tuple(
        (Step(program=one.program, fits=(True,) * len(task.train), outputs=one.outputs, tried=one.tried),)
        for one in found.attempts
    )
    return threads, found.outcome
