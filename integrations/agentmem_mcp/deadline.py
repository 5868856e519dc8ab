"""Work that keeps nobody waiting: the process ends in time, with exit code 0, whatever the work does."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import NoReturn

from agentmem.errors import AgentMemError
from agentmem.logs import in_log, logger

LIMIT = 3.0
SPARE = 0.3
"""Seconds: of the whole process, and what is left of them for its end."""
UNKNOWN_AGE = 0.6
"""Seconds a process is taken to be old where that cannot be read."""
LARGEST_LOG = 1_000_000
"""Bytes."""


def finish_in_time(work: Callable[[], None], what: str, advice: str) -> NoReturn:
    """Do `work`, and end the process when it is done, or when its time is over; errors go to the log.

    Args:
        work: What is to be done; where it is cut off, a transaction that it has begun is undone.
        what: How the log calls it.
        advice: What the log says is to be done where there is never time enough.
    """

    def logged() -> None:
        try:
            work()
        except BaseException as error:  # whatever it is, whoever called us goes on
            why = f"{type(error).__name__}: {error}" if isinstance(error, AgentMemError) else in_log(error)
            note("%s: %s", what, why)  # nobody else is told what is wrong with the call

    thread = threading.Thread(target=logged, daemon=True)
    thread.start()
    thread.join(max(0.0, LIMIT - SPARE - age()))
    if thread.is_alive():
        note("%s: not done in %s s (%s)", what, LIMIT, advice)
    os._exit(0)


def age() -> float:
    """Seconds since this process began."""
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):  # no Linux
        return UNKNOWN_AGE


def note(message: str, *values: object) -> None:
    """Write to the log; one that cannot be written is done without."""
    with contextlib.suppress(Exception):
        _log().warning(message, *values)


def log_file() -> Path:
    """Where the log is."""
    import platformdirs

    return platformdirs.user_state_path("agentmem") / "hook.log"


@cache
def _log() -> logging.Logger:
    path = log_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    handler = RotatingFileHandler(path, maxBytes=LARGEST_LOG, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logger(__name__)
    log.propagate = False
    log.addHandler(handler)
    return log
