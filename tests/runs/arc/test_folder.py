"""A run on disk: tasks come back as they were, and a torn line costs its own task alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.config import Settings
from agentmem.errors import Conflict, Damaged, NotFound
from agentmem.runs.arc.folder import RESULTS, TASKS, ArcFolder
from agentmem.runs.arc.results import Outcome, Row, Step
from agentmem.runs.arc.spec import arc_of
from agentmem.worlds.arc.tasks import Pair, Task

GRIDS = st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2).map(tuple), min_size=1, max_size=3).map(
    tuple
)
PAIRS = st.builds(Pair, GRIDS, GRIDS)
MADE = st.builds(
    Task,
    st.text(min_size=1, max_size=9),
    st.lists(PAIRS, min_size=1, max_size=2).map(tuple),
    st.lists(PAIRS | st.builds(Pair, GRIDS), min_size=1, max_size=2).map(tuple),
    st.text(max_size=9),
)
SPEC = arc_of({"tasks": "made"}, Settings(embedder="hashing"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(tasks=st.lists(MADE, min_size=1, max_size=3))
def test_tasks_come_back_as_they_were(tasks: list[Task], tmp_path_factory: pytest.TempPathFactory):
    folder = ArcFolder(tmp_path_factory.mktemp("run") / "it")
    folder.begin(SPEC, tasks)
    assert folder.tasks() == tuple(tasks) and folder.spec() == SPEC and folder.is_one


def row(position: int) -> Row:
    step = Step(program="def transform(grid): …", fits=(True, False), outputs=(((1, 2),), None))
    return Row(outcome=Outcome(position=position, task=f"t{position}", threads=((step,),)), tests=2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(share=st.floats(0, 1))
def test_rows_that_are_cut_off_anywhere_are_a_beginning(share: float, tmp_path: Path):
    folder = ArcFolder(tmp_path)
    rows = [row(position) for position in range(3)]
    (tmp_path / RESULTS).unlink(missing_ok=True)
    for one in rows:
        folder.add(one)
    whole = (tmp_path / RESULTS).read_bytes()
    (tmp_path / RESULTS).write_bytes(whole[: round(share * len(whole))])
    kept = folder.rows()
    assert kept == rows[: len(kept)]
    folder.add(row(len(kept)))
    assert len(folder.rows()) == len(kept) + 1


def test_a_folder_is_not_begun_twice(tmp_path: Path):
    tasks = (Task("t", (Pair(((1,),), ((2,),)),), (Pair(((3,),)),)),)
    folder = ArcFolder(tmp_path / "run")
    folder.begin(SPEC, tasks)
    with pytest.raises(Conflict, match="--resume"):
        folder.begin(SPEC, tasks)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").touch()
    with pytest.raises(Conflict, match="holds no run"):
        ArcFolder(tmp_path / "other").begin(SPEC, tasks)


def test_a_run_whose_beginning_was_killed_can_be_begun(tmp_path: Path):
    tasks = (Task("t", (Pair(((1,),), ((2,),)),), (Pair(((3,),)),)),)
    (tmp_path / TASKS).write_text("{")
    folder = ArcFolder(tmp_path)
    assert not folder.is_one
    folder.begin(SPEC, tasks)
    assert folder.tasks() == tasks


def test_what_is_damaged_is_named(tmp_path: Path):
    folder = ArcFolder(tmp_path)
    with pytest.raises(NotFound):
        folder.spec()
    with pytest.raises(NotFound):
        folder.tasks()
    (tmp_path / TASKS).write_text('{"id": "t"}\n')
    with pytest.raises(Damaged, match=TASKS):
        folder.tasks()
    (tmp_path / RESULTS).write_text("{}\n")
    with pytest.raises(Damaged, match="no result"):
        folder.rows()
    (tmp_path / RESULTS).unlink()
    folder.add(row(1))
    with pytest.raises(Damaged, match="out of order"):
        folder.rows()
