"""The loop: what it writes when, from what it decides, and how it goes on after it was cut off."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from agentmem.bank import Bank
from agentmem.bank.derive import LEASE
from agentmem.config import Settings
from agentmem.db import pending
from agentmem.errors import InvalidInput, Unavailable
from agentmem.runs.arc.execute import Watcher
from agentmem.runs.arc.folder import RESULTS, ArcFolder
from agentmem.runs.arc.memory import NAMESPACE
from agentmem.runs.arc.spec import Asking, arc_of
from agentmem.testing import HandClock
from agentmem.worlds.arc import solutions
from agentmem.worlds.arc.tasks import Pair, Task, find_tasks

_SPEC = importlib.util.spec_from_file_location("arc_doubles", Path(__file__).with_name("doubles.py"))
assert _SPEC is not None and _SPEC.loader is not None
doubles = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(doubles)
Reading, plain, told = doubles.Reading, doubles.plain, doubles.told
FLIP, SAME = doubles.FLIP, doubles.SAME


def flipped(task: Task) -> Task:
    """The task with other hidden outputs."""
    return replace(task, test=tuple(Pair(pair.input, ((4, 4), (4, 4))) for pair in task.test))


def dumped(folder: ArcFolder) -> list[str]:
    """All that the memory holds, as SQL."""
    with sqlite3.connect(folder.bank) as connection:
        return [line for line in connection.iterdump() if "INSERT" in line]


def memory_of(folder: ArcFolder, settings: Settings) -> tuple[list[str], dict[str, dict[str, float]], list]:
    """Titles, counts by title, and problems of a run's memory."""
    with Bank(folder.bank, settings=settings) as bank:
        assert bank.verify() == []
        store = bank.store("concept", NAMESPACE)
        titles = {one.id: one.title for one in store.concepts()}
        counts = {titles[id]: dict(counts) for id, counts in store.outcomes().items()}
        return sorted(titles.values()), counts, store.problems()


def test_what_was_learnt_from_a_task_is_selected_for_a_like_one(begun, played, tasks, settings):
    folder = begun(tasks)
    summary = played(folder)
    rows = folder.rows()
    assert summary.complete and (summary.solved, summary.verified, summary.mistaken) == (3, 3, 0)
    assert [row.outcome.verified for row in rows] == [True, True, True, False]
    assert rows[0].outcome.selected == () and rows[0].cited == ()
    cited = {one.title for one in rows[2].outcome.selected if one.id in rows[2].cited}
    assert cited == {"flip left right"}
    assert rows[2].outcome.best.tried < rows[0].outcome.best.tried
    titles, counts, problems = memory_of(folder, settings)
    assert "flip left right" in titles
    assert counts["flip left right"]["selected"] == 3
    assert counts["flip left right"]["cited"] == counts["flip left right"]["helped"] >= 1
    assert [one.solved for one in problems] == [True, True, True, False]
    assert [one.problem for one in problems] == ["left", "up", "again", "odd"]
    assert rows[-1].held.problems == 4 and rows[-1].held.concepts == len(titles) and rows[-1].held.tokens > 0


def test_in_a_sum_concepts_are_learnt_as_without_it(begun, played, tasks, settings):
    alone, summed = begun(tasks), begun(tasks, "sum", memory="episodic+concept")
    played(alone), played(summed)
    assert [row.outcome.selected for row in summed.rows()] == [row.outcome.selected for row in alone.rows()]
    assert [row.outcome.best.tried for row in summed.rows()[:3]] == [
        row.outcome.best.tried for row in alone.rows()[:3]
    ]
    assert memory_of(summed, settings)[0] == memory_of(alone, settings)[0]


def test_without_a_memory_nothing_goes_from_task_to_task(begun, played, tasks):
    folder = begun(tasks, memory="none")
    assert played(folder).held == ()
    rows = folder.rows()
    assert all(row.outcome.selected == () and row.held is None for row in rows)
    assert rows[0].outcome.best.tried == rows[2].outcome.best.tried


@pytest.mark.parametrize("solver", ["enumerate", "model"])
def test_other_hidden_outputs_change_nothing_but_the_score(begun, played, tasks, solver):
    answers = [told(SAME), told(FLIP), told(FLIP), told(SAME)]
    runs = []
    for name, given in (("true", tasks), ("false", tuple(map(flipped, tasks)))):
        model = Reading(answers) if solver == "model" else None
        more = {"model": "llama", "retries": 1} if solver == "model" else {}
        memory = json.dumps({"store": "concept", "options": {"abstractor": "code", "library": "arc"}})
        folder = begun(given, name, solver=solver, memory=memory, **more)
        runs.append((folder, played(folder, model), model))
    (true, summary, model), (false, other, second) = runs
    if model is not None:
        assert model.asked == second.asked and len(model.asked) > len(tasks)
    assert dumped(true) == dumped(false) and len(dumped(true)) > 10
    rows, others = plain(true.rows()), plain(false.rows())
    assert [row.pop("passed") for row in rows] != [row.pop("passed") for row in others]
    assert rows == others
    assert summary.solved > other.solved == 0
    assert summary.verified == other.verified > 0


def test_hidden_outputs_stand_in_no_prompt(begun, played, tasks):
    model = Reading([told(SAME)])
    played(begun(tasks[:1], solver="model", model="llama", retries=2), model)
    (answer,) = tasks[0].answers
    said = "".join(message.content for request in model.asked for message in request.messages)
    assert "\n".join(" ".join(map(str, row)) for row in answer) not in said
    assert str(answer).strip("()") not in said and json.dumps(answer) not in said


def test_a_run_that_is_interrupted_goes_on_to_the_same_end(begun, played, tasks):
    class Impatient(Watcher):
        def begins(self, position: int, task: Task) -> None:
            if position == 2:
                raise KeyboardInterrupt

    whole, cut = begun(tasks, "whole"), begun(tasks, "cut")
    played(whole)
    summary = played(cut, watcher=Impatient())
    assert summary.interrupted and summary.finished == 2 and not summary.complete
    assert played(cut).complete
    assert plain(cut.rows(), ids=False) == plain(whole.rows(), ids=False)


def test_a_task_whose_line_is_lost_is_neither_solved_nor_written_again(begun, played, tasks, settings):
    """As after a kill between the write to the memory and the line of the task."""
    folder = begun(tasks)
    played(folder)
    before, known = plain(folder.rows()), memory_of(folder, settings)
    file = folder.path / RESULTS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]) + lines[-1][:40])
    assert len(folder.rows()) == 3
    assert played(folder).complete
    assert plain(folder.rows()) == before and memory_of(folder, settings) == known


def test_verdicts_are_written_a_batch_at_once(begun, played, tasks):
    folder = begun(tasks, every=2)
    played(folder)
    held = [row.held for row in folder.rows()]
    assert [one.concepts > 0 for one in held] == [False, True, True, True]
    assert [one.waiting for one in held] == [1, 0, 1, 1]


def test_what_a_killed_process_had_begun_to_write_is_written_before_the_next_task(
    begun, played, tasks, settings
):
    class Impatient(Watcher):
        def begins(self, position: int, task: Task) -> None:
            if position == 1:
                raise KeyboardInterrupt

    folder = begun(tasks, every=2)
    assert played(folder, watcher=Impatient()).held[0].waiting == 1
    now = HandClock()()
    with Bank(folder.bank, settings=settings) as bank:
        (number,) = bank.numbers(NAMESPACE)
        claimed = bank.database.write(
            lambda tx: pending.claim(tx.connection, number, "concept", "dead", now, now + LEASE, 9)
        )
        assert len(claimed) == 1
    assert [one.concepts > 0 for one in played(folder).held] == [False, True, True, True]


def test_a_seeded_memory_holds_other_tasks_and_never_one_of_the_run(begun, played, settings, monkeypatch):
    few = ("007bbfb7", "0dfd9992", "3c9b0459", "6150a2bd", "67a3c6ac")
    monkeypatch.setattr(solutions, "ids", lambda: few)
    known = find_tasks("arcagi/training/3c9b0459")[0]
    renamed = replace(find_tasks("arcagi/training/67a3c6ac")[0], id="mine")
    folder = begun([known, renamed], seed_memory="solutions", tried=50)
    played(folder)
    _, _, problems = memory_of(folder, settings)
    assert sorted(one.problem for one in problems[:3]) == ["007bbfb7", "0dfd9992", "6150a2bd"]
    assert [one.problem for one in problems[3:]] == ["3c9b0459", "mine"]
    assert folder.rows()[0].outcome.selected
    assert {one.title for one in folder.rows()[0].outcome.selected} >= {"rotate half turn"}


def test_a_task_that_fails_ends_alone(begun, played, tasks):
    """A prompt that does not fit, an answer that is none: the next task is asked for."""
    model = Reading([InvalidInput("a prompt of 9 tokens does not fit"), told(FLIP)])
    folder = begun(tasks[:2], solver="model", model="llama", attempts=1, memory="none")
    summary = played(folder, model)
    first, second = folder.rows()
    assert summary.complete
    assert (first.outcome.threads[0][0].reason, first.passed) == ("model", (((False,),),))
    assert "does not fit" in first.outcome.threads[0][0].detail
    assert second.outcome.threads[0][0].reason == "wrong"


def test_a_model_that_is_not_there_ends_the_run_and_it_can_be_gone_on_with(begun, played, tasks):
    folder = begun(tasks[:2], solver="model", model="llama", attempts=1, memory="none")
    with pytest.raises(Unavailable):
        played(folder, Reading([told(FLIP), Unavailable("nobody answers")]))
    assert len(folder.rows()) == 1
    assert played(folder, Reading([told(FLIP)])).complete


def test_attempts_at_once_are_those_one_after_the_other(begun, played, tasks):
    runs = []
    for name, at_once in (("one", 1), ("two", 2)):
        folder = begun(tasks[:1], name, solver="model", model="llama", attempts=3, memory="none")
        model = Reading([told(FLIP)])
        played(folder, model, at_once=at_once)
        runs.append((plain(folder.rows()), sorted(request.seed for request in model.asked)))
    assert runs[0] == runs[1]
    assert runs[0][1] == [0, 1, 2]


def test_a_retry_is_told_of_the_examples_and_no_more(begun, played, tasks):
    model = Reading([told(SAME), "I give up.", told(FLIP)])
    folder = begun(tasks[:1], solver="model", model="llama", attempts=1, retries=2, memory="none")
    summary = played(folder, model)
    steps = folder.rows()[0].outcome.threads[0]
    assert [step.reason for step in steps] == ["wrong", "no program", ""]
    first, second = (request.messages[-1].content for request in model.asked[1:])
    assert "Example 1: wrong: 4 of 6 cells: row 0, column 0 is 1 and should be 0" in first
    assert "There is no program in your answer" in second
    assert [request.messages[:2] for request in model.asked[1:]] == [model.asked[0].messages] * 2
    assert [(one.k, one.depth, one.total) for one in summary.oracle] == [(1, 0, 0), (1, 1, 0), (1, 2, 1)]


def test_concepts_are_shown_to_a_model_fenced_and_none_where_none_is_relevant(begun, played, tasks):
    program = (
        "from agentmem.worlds.arc.dsl import flip_left_right\n\n\n"
        "def transform(grid):\n    return flip_left_right(grid)\n"
    )
    memory = json.dumps({"store": "concept", "options": {"abstractor": "code", "library": "arc"}})
    model = Reading([told(program)])
    folder = begun([tasks[0], tasks[2]], solver="model", model="llama", attempts=1, memory=memory)
    played(folder, model)
    first, second = (request.messages for request in model.asked)
    assert "memory-" not in first[1].content and "Concepts" not in first[0].content
    assert "flip left right" in second[1].content and second[1].content.startswith("<memory-")
    assert (
        "`agentmem.worlds.arc.dsl`: flip_left_right." in second[0].content and "Concepts" in second[0].content
    )
    row = folder.rows()[1]
    assert row.outcome.context_tokens > 0 and len(row.cited) == 1


@pytest.mark.slow
def test_the_embedded_model_plays_however_badly(played, tasks, settings, tmp_path):
    pytest.importorskip("xllamacpp")
    asked = {"tasks": "made", "model": "llama", "attempts": 1, "retries": 1}
    folder = ArcFolder(tmp_path / "run")
    folder.begin(arc_of(asked, settings).altered({"asking": Asking(answer_tokens=40)}), tasks[:1])
    summary = played(folder)
    assert summary.complete and summary.failed == 0 and summary.solved == 0
    assert summary.prompt_tokens > 0 and summary.completion_tokens > 0
