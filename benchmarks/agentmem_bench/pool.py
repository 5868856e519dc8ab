"""Workers of a benchmark: processes begun anew, that end with whoever began them, or workers of Ray."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext
from typing import TypeVar
from uuid import uuid4

from agentmem import bulk

Job = TypeVar("Job")
Result = TypeVar("Result")

CONTEXT: SpawnContext = get_context("spawn")
"""How processes begin; what they share is made by it."""
ORPHANED = 70
"""Exit status of a process whose parent was killed."""
ON_RAY: ContextVar[bool] = ContextVar("ON_RAY", default=False)
"""Whether workers are those of Ray, as `agentmem bench --ray` asks for."""


@contextmanager
def spread(workers: int, begin: Callable[..., None] | None = None, *given: object) -> Iterator[bulk.Spread]:
    """What maps a function over jobs, on so many workers that each call `begin` with what is given first.

    The results come in the order of the jobs. What is given to workers of Ray can be shared by no two of
    them; where one is killed, its job is done again.

    Raises:
        Unavailable: Ray is wanted, and not installed.
    """
    if ON_RAY.get():
        with bulk.spread(workers) as over:
            yield partial(_over, over, partial(_begun_once, uuid4().hex, begin, given))
    else:
        with processes(workers, begin, *given) as pool:
            yield pool.map


def processes(workers: int, begin: Callable[..., None] | None = None, *given: object) -> ProcessPoolExecutor:
    """A pool of so many processes; each calls `begin` with what is given first.

    They end with the process that made the pool, also where that is killed: nothing of a run goes on unseen.
    """
    return ProcessPoolExecutor(workers, CONTEXT, partial(_begun, begin), given)


def _begun(begin: Callable[..., None] | None, *given: object) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*given)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(ORPHANED)


def _over(
    over: bulk.Spread,
    begin: Callable[[], None],
    function: Callable[[Job], Result],
    jobs: Iterable[Job],
    /,
) -> Iterator[Result]:
    return over(partial(_after, begin, function), jobs)


def _after(begin: Callable[[], None], function: Callable[[Job], Result], job: Job) -> Result:
    begin()
    return function(job)


_runs: set[str] = set()
"""The runs for which this worker of Ray has begun."""


def _begun_once(run: str, begin: Callable[..., None] | None, given: tuple[object, ...]) -> None:
    if begin is not None and run not in _runs:
        begin(*given)
    _runs.add(run)
