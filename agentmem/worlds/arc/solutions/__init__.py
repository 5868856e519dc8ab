"""ARC training tasks solved with the routines of `agentmem.worlds.arc.dsl`, one file a task."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module, resources

from agentmem.errors import NotFound
from agentmem.worlds.arc.dsl.values import Grid


@cache
def ids() -> tuple[str, ...]:
    """The ids of the solved tasks, in alphabetical order."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".py") for name in names if _is_solution(name)))


def program(id: str) -> str:
    """The source text of a task's solution: a module that defines `transform(grid)`.

    Args:
        id: Of the task, as `007bbfb7`.

    Raises:
        NotFound: there is no solution of that task.
    """
    return (resources.files(__name__) / f"{_known(id)}.py").read_text(encoding="utf-8")


def transform_of(id: str) -> Callable[[Grid], Grid]:
    """The function that solves a task: from an input, (height, width) of int8, to its output.

    Args:
        id: Of the task, as `007bbfb7`.

    Raises:
        NotFound: there is no solution of that task.
    """
    found: Callable[[Grid], Grid] = import_module(f"{__name__}.{_known(id)}").transform
    return found


def _is_solution(name: str) -> bool:
    return name.endswith(".py") and not name.startswith("_")


def _known(id: str) -> str:
    if id not in ids():
        raise NotFound(
            f"no solution of task {id!r}", "agentmem.worlds.arc.solutions.ids() lists those there are"
        )
    return id
