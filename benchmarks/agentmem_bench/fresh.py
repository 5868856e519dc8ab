"""A question to a fresh process: nothing is loaded in it, and its memory is its own.

A module that is asked reads one JSON object from standard input and prints one on standard output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from agentmem.errors import AgentMemError

TOLD = 2_000
"""Characters of what a process that failed said last."""


class TookTooLong(AgentMemError):
    """A process did not end within its time, and was ended."""


class Failed(AgentMemError):
    """A process failed; the message has its last words."""


def ask(module: str, given: dict[str, Any], timeout_seconds: float | None = None) -> dict[str, Any]:
    """What the module of this name answers to `given`.

    Raises:
        TookTooLong: it was not done in time.
        Failed: it failed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", module],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLong(f"{module} took over {timeout_seconds:.0f} s") from error
    if done.returncode != 0:
        raise Failed(f"{module} failed with {done.returncode}: {done.stderr[-TOLD:].strip()}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def answer(work: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer what was asked: for the end of a module."""
    print(json.dumps(work(json.load(sys.stdin))))
