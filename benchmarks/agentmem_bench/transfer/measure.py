"""The same search with several guides at equal budgets of tried programs, over all tasks and cores."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentmem.devices import cores
from agentmem.worlds.arc.solver import solve
from agentmem.worlds.arc.solver.enumeration import Guide, Limits
from agentmem.worlds.arc.tasks import Task
from agentmem_bench import bootstrap
from agentmem_bench.pool import spread
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.transfer.solved import GuideOf

BUDGETS = (100, 300, 1_000, 3_000)
"""Programs that may be tried for a task."""
WITHOUT = "none"
"""The name of what the others are compared with: the search without a memory."""
AIM = 1.5
"""Times the tasks solved without a memory that are to be solved with one ."""


@dataclass(frozen=True)
class Trial:
    """One search for one task.

    Attributes:
        task: Its id.
        memory: The name of the guide.
        solved_at: How many programs had been tried when the first right one was found; none: none was.
        found_at: The same for the first that gives the outputs of the examples, right or not.
        tried: Programs tried in all.
        seconds: That it took.
    """

    task: str
    memory: str
    solved_at: int | None
    found_at: int | None
    tried: int
    seconds: float


def measure(
    tasks: Sequence[Task],
    guides: Mapping[str, GuideOf],
    *,
    budgets: Sequence[int] = BUDGETS,
    attempts: int = 1,
    jobs: int | None = None,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Solve tasks with each guide; one search with the largest budget tells what smaller ones would find.

    A program that gives the outputs of all examples is an attempt; a task is solved where one of its
    attempts gives the outputs of all tests. Searches end with their last attempt. No clock ends a search, so
    the figures are the same on any machine.

    Args:
        tasks: With the outputs of their tests; guides and searches see them without.
        guides: By name; one of them `WITHOUT`.
        budgets: Programs that may be tried, at least one.
        attempts: Programs that may be judged for a task, two of which give other outputs.
        jobs: Processes; none: one for each core; 1: in this process.
        watch: Sees how far it is.
    """
    wanted = [(task, name, guide_of(task.visible())) for name, guide_of in guides.items() for task in tasks]
    trials: list[Trial] = []
    for trial in _trials(wanted, Limits(tried=max(budgets), answers=attempts, seconds=None), jobs or cores()):
        trials.append(trial)
        watch("transfer", len(trials), len(wanted))
    return summary(trials, sorted(budgets), attempts)


def _trials(wanted: Sequence[tuple[Task, str, Guide]], limits: Limits, jobs: int) -> Iterator[Trial]:
    """All trials, in order."""
    if jobs == 1:
        yield from (trial_of(*one, limits) for one in wanted)
        return
    with spread(jobs) as over:
        yield from over(partial(_tried_one, limits), wanted)


def _tried_one(limits: Limits, one: tuple[Task, str, Guide]) -> Trial:
    return trial_of(*one, limits)


def trial_of(task: Task, memory: str, guide: Guide, limits: Limits) -> Trial:
    """One search; the outputs of the tests are looked at when it is over."""
    found = solve(task.visible(), guide=guide, limits=limits)
    return Trial(
        task=task.id,
        memory=memory,
        solved_at=next((one.tried for one in found.attempts if one.outputs == task.answers), None),
        found_at=next((one.tried for one in found.attempts), None),
        tried=found.outcome.tried,
        seconds=found.outcome.seconds,
    )


def summary(trials: Sequence[Trial], budgets: Sequence[int], attempts: int) -> dict[str, Any]:
    """The result: by memory and budget the tasks solved, and how many times those without a memory.

    Args:
        trials: Of every memory for the same tasks in the same order.
        budgets: Ascending.
        attempts: That were judged for a task.
    """
    by_memory: dict[str, list[Trial]] = {}
    for one in trials:
        by_memory.setdefault(one.memory, []).append(one)
    solved = {name: _solved(own, budgets) for name, own in by_memory.items()}
    return {
        "tasks": len(by_memory[WITHOUT]),
        "attempts": attempts,
        "budgets": list(budgets),
        "aim": AIM,
        "memories": [
            {
                "memory": name,
                "solved": [int(row.sum()) for row in solved[name]],
                "times": [_times(row, base) for row, base in zip(solved[name], solved[WITHOUT], strict=True)],
                "wrong": sum(one.found_at is not None and one.solved_at is None for one in own),
                "programs_a_second": round(sum(one.tried for one in own) / _at_least(own)),
                "tried_where_both_solve": _tried(own, by_memory[WITHOUT]),
            }
            for name, own in by_memory.items()
        ],
        "trials": [asdict(one) for one in trials],
    }


def _at_least(own: Sequence[Trial]) -> float:
    return sum(one.seconds for one in own) or 1e-9


def _solved(own: Sequence[Trial], budgets: Sequence[int]) -> NDArray[np.bool_]:
    """Whether each task is solved, (budgets, tasks)."""
    at = np.array([math.inf if one.solved_at is None else one.solved_at for one in own])
    return np.array([at <= budget for budget in budgets])


def _times(row: NDArray[np.bool_], base: NDArray[np.bool_]) -> dict[str, float | None]:
    """How many times the tasks of `base` are solved, with its 95% percentile interval over tasks."""
    random = np.random.default_rng(bootstrap.SEED)
    draws = random.integers(0, len(row), (bootstrap.DRAWS, len(row)))
    ratios = row[draws].sum(axis=1) / np.maximum(base[draws].sum(axis=1), 1)
    low, high = np.quantile(ratios, [(1 - bootstrap.LEVEL) / 2, (1 + bootstrap.LEVEL) / 2])
    value = float(row.sum() / base.sum()) if base.any() else None
    return {"value": value, "low": float(low), "high": float(high)}


def _tried(own: Sequence[Trial], base: Sequence[Trial]) -> dict[str, float | None]:
    """Programs tried, geometric means over the tasks that both solve."""
    both = [
        (one.solved_at, other.solved_at)
        for one, other in zip(own, base, strict=True)
        if one.solved_at is not None and other.solved_at is not None
    ]
    if not both:
        return {"tasks": 0, "with": None, "without": None}
    logs = np.log(np.maximum(np.array(both, dtype=np.float64), 1.0)).mean(axis=0)
    return {"tasks": len(both), "with": float(np.exp(logs[0])), "without": float(np.exp(logs[1]))}
