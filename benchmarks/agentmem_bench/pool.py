"""Processes of a benchmark: begun anew, so that they share nothing, and ended with whoever began them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext

CONTEXT: SpawnContext = get_context("spawn")
"""How processes begin; what they share is made by it."""
ORPHANED = 70
"""Exit status of a process whose parent was killed."""


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
