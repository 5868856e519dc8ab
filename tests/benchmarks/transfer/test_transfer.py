"""The transfer measure: what is solved at which budget, and guides that never know the task's own program."""

from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from agentmem.worlds.arc.solver.enumeration import Guide
from agentmem.worlds.arc.tasks import Pair, Task
from agentmem_bench.transfer.measure import Trial, measure, summary
from agentmem_bench.transfer.report import tables
from agentmem_bench.transfer.solved import Solved, nearest, nothing, popular, solved_tasks


@pytest.fixture(scope="module")
def solved() -> Solved:
    """Every 20th solved task."""
    return solved_tasks(every=20)


def trial(task: str, memory: str, solved_at: int | None, found_at: int | None = None) -> Trial:
    return Trial(task, memory, solved_at, found_at or solved_at, 100, 0.5)


def test_budgets_tell_what_was_solved_by_then() -> None:
    trials = [
        *(trial(name, "none", at) for name, at in (("a", 10), ("b", None), ("c", None), ("d", 90))),
        *(trial(name, "memory", at) for name, at in (("a", 5), ("b", 100), ("c", None), ("d", 20))),
        *(trial(name, "wrong", None, 7) for name in "abcd"),
    ]
    result = summary(trials, (1, 10, 20, 100), attempts=1)
    none, memory, wrong = result["memories"]
    assert (none["solved"], memory["solved"], wrong["solved"]) == ([0, 1, 1, 2], [0, 1, 2, 3], [0] * 4)
    assert [one["value"] for one in memory["times"]] == [None, 1.0, 2.0, 1.5]
    assert all(one["low"] <= (one["value"] or 0) <= one["high"] for one in memory["times"])
    assert (none["wrong"], wrong["wrong"]) == (0, 4)
    assert memory["tried_where_both_solve"] == {
        "tasks": 2,
        "with": pytest.approx(10.0),
        "without": pytest.approx(30.0),
    }
    assert none["programs_a_second"] == 200


def test_a_guide_never_knows_the_task_s_own_program(solved: Solved) -> None:
    for place, task in enumerate(solved.tasks[:6]):
        others = Solved(
            tuple(one for one in solved.tasks if one != task),
            solved.uses[:place] + solved.uses[place + 1 :],
            solved.sentences[:place] + solved.sentences[place + 1 :],
        )
        names = {name for uses in others.uses for name in uses.names}
        for guide_of in (popular(solved), nearest(solved)):
            assert set(guide_of(task.visible()).weights) == names


def test_one_task_alone_has_no_guide(solved: Solved) -> None:
    alone = Solved(solved.tasks[:1], solved.uses[:1], solved.sentences[:1])
    for guide_of in (popular(alone), nearest(alone)):
        assert guide_of(alone.tasks[0]) == Guide()


def test_a_task_is_nearest_to_itself(solved: Solved) -> None:
    near = solved.nearness
    assert np.allclose(near, near.T) and np.allclose(np.diag(near), 1)
    assert near.min() >= 0 and near.max() <= 1 + 1e-9


def test_a_measurement_is_the_same_again_and_blind_to_answers(solved: Solved) -> None:
    tasks = solved.tasks[:5]
    seen: list[Task] = []

    def watching(task: Task) -> Guide:
        seen.append(task)
        return nothing(task)

    def run(tasks: tuple[Task, ...]) -> list[dict[str, object]]:
        guides = {"none": watching, "nearest": nearest(solved)}
        result = measure(tasks, guides, budgets=(20, 60), jobs=1)
        shown = Console(width=200, record=True, quiet=True)
        for table in tables(result):
            shown.print(table)
        return [{**one, "seconds": None, "solved_at": None} for one in result["trials"]]

    flipped = tuple(replace(one, test=tuple(Pair(pair.input, ((3,),)) for pair in one.test)) for one in tasks)
    first = run(tasks)
    assert len(first) == 10
    assert first == run(tasks) == run(flipped)
    assert all(pair.output is None for task in seen for pair in task.test)


@pytest.mark.slow
def test_memory_solves_half_as_many_tasks_more(solved: Solved) -> None:
    """Every fourth task, processes of their own; the aim of issue 8."""
    every = solved_tasks()
    guides = {"none": nothing, "popularity": popular(every), "nearest": nearest(every)}
    result = measure(every.tasks[::4], guides, budgets=(300, 1_000))
    by_memory = {one["memory"]: one for one in result["memories"]}
    assert by_memory["nearest"]["times"][-1]["value"] >= 1.5
    assert by_memory["nearest"]["solved"][-1] > by_memory["popularity"]["solved"][-1]
