"""Runs over tasks that are made here, in folders of their own."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentmem.bank.sources import UuidV7
from agentmem.config import Settings
from agentmem.models.base import ChatModel
from agentmem.runs.arc.checking import PRELUDE
from agentmem.runs.arc.execute import Watcher, play
from agentmem.runs.arc.folder import ArcFolder
from agentmem.runs.arc.spec import arc_of
from agentmem.runs.arc.summary import ArcSummary
from agentmem.testing import HandClock
from agentmem.worlds.arc.grids import Grid
from agentmem.worlds.arc.tasks import Task
from agentmem.worlds.sandbox.pool import Sandbox

_SPEC = importlib.util.spec_from_file_location("arc_doubles", Path(__file__).with_name("doubles.py"))
assert _SPEC is not None and _SPEC.loader is not None
doubles = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(doubles)
INPUTS, task, mirrored, upended = doubles.INPUTS, doubles.task, doubles.mirrored, doubles.upended


@pytest.fixture
def settings() -> Settings:
    return Settings(embedder="hashing")


@pytest.fixture
def tasks() -> tuple[Task, ...]:
    """Two tasks of one rule, one of another, and one that nothing solves."""
    odd: dict[Grid, Grid] = {one: ((place, 9), (9, 9), (9, 8)) for place, one in enumerate(INPUTS)}
    return (
        task("left", mirrored),
        task("up", upended),
        task("again", mirrored),
        task("odd", odd.__getitem__),
    )


@pytest.fixture
def begun(tmp_path: Path, settings: Settings) -> Callable[..., ArcFolder]:
    """A run's folder that is begun."""

    def make(tasks: Iterable[Task], name: str = "run", **given: Any) -> ArcFolder:
        folder = ArcFolder(tmp_path / name)
        folder.begin(arc_of({"tasks": "made", "tried": 1_000, **given}, settings), tuple(tasks))
        return folder

    return make


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    """A sandbox for all tests: to start one takes a second."""
    with Sandbox(prelude=PRELUDE, workers=2) as sandbox:
        yield sandbox


@pytest.fixture
def played(settings: Settings, box: Sandbox) -> Callable[..., ArcSummary]:
    """Play a run; equal runs have equal times and ids."""

    def play_(
        folder: ArcFolder, model: ChatModel | None = None, watcher: Watcher | None = None, **more: Any
    ) -> ArcSummary:
        ids = UuidV7(random.Random(len(folder.rows())))
        return play(
            folder, settings, watcher, model=model, sandbox=box, clock=HandClock(), new_id=ids, **more
        )

    return play_
