"""The scorer: what attempts pass of a task's tests. Nothing else in a run reads hidden outputs."""

from __future__ import annotations

from agentmem.runs.arc.results import Outcome
from agentmem.worlds.arc.tasks import Task


def passed(task: Task, outcome: Outcome) -> tuple[tuple[tuple[bool, ...], ...], ...]:
    """For each attempt, its steps, and of each which tests it passes; empty where outputs are not known.

    Args:
        task: With the outputs of its tests.
        outcome: What was done, all of it.
    """
    if not task.known:
        return ()
    return tuple(
        tuple(
            tuple(
                given == answer
                for given, answer in zip(step.outputs or (None,) * len(task.test), task.answers, strict=True)
            )
            for step in steps
        )
        for steps in outcome.threads
    )
