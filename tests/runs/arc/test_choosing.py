"""Which tasks are meant, in which order, and what is told of those that nobody can mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.errors import InvalidInput, NotFound
from agentmem.runs.arc.choosing import choose
from agentmem.worlds.arc import solutions

TASK = {"train": [{"input": [[1]], "output": [[2]]}], "test": [{"input": [[3]]}]}


def ids(wanted: str, **more: object) -> list[str]:
    return [task.id for task in choose(wanted, **more)]


def test_a_part_of_a_data_set_is_meant_with_a_colon_or_a_slash():
    assert len(ids("arcagi:training")) == len(ids("arcagi/training")) == len(ids("arcagi")) == 400
    assert len(ids("arcagi2:evaluation")) == 120


def test_ids_after_a_data_set_are_of_it():
    assert ids("arcagi:training:007bbfb7,00d62c1b") == ["007bbfb7", "00d62c1b"]
    assert ids("arcagi2:training:007bbfb7,00d62c1b") == ["007bbfb7", "00d62c1b"]
    assert choose("arcagi2:training:007bbfb7,00d62c1b")[1].source == "arcagi2 training"
    assert ids("00d62c1b") == ["00d62c1b"]


def test_solved_tasks_are_those_with_a_program():
    assert sorted(ids("solved")) == sorted(solutions.ids())


def test_files_and_folders_are_tasks(own_folder: Path):
    Path("some").mkdir()
    for name in ("b", "a"):
        Path(f"some/{name}.json").write_text(json.dumps(TASK))
    assert ids("some") == ["a", "b"]
    assert ids("some/b.json,some") == ["b", "a"]
    Path("some/a.json").rename("a@2.json")
    assert ids("a@2.json") == ["a@2"]


@given(count=st.integers(1, 30), seed=st.integers(0, 99))
def test_a_count_takes_the_first_of_the_seeded_order(count: int, seed: int):
    whole = ids("solved", order="shuffled", seed=seed)
    assert ids(f"solved@{count}", order="shuffled", seed=seed) == whole[:count]
    assert sorted(whole) == sorted(solutions.ids())


@pytest.mark.parametrize(
    ("wanted", "error", "said"),
    [
        ("", InvalidInput, "names no task"),
        (",", InvalidInput, "names no task"),
        ("solved@0", InvalidInput, "how many after @"),
        ("solved@²", InvalidInput, "how many after @"),
        ("arcagi:nowhere", NotFound, "'nowhere'"),
        ("arcagi:training:ffffffff", NotFound, "no task 'ffffffff'"),
        ("nowhere.json", NotFound, "no file nowhere.json"),
    ],
)
def test_what_names_no_task_is_refused(wanted: str, error: type[Exception], said: str, own_folder: Path):
    with pytest.raises(error, match=said):
        choose(wanted)
