"""The async face: one generic offload to a thread, for every method alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

S = TypeVar("S")
P = ParamSpec("P")
T = TypeVar("T")


def offloaded(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """`method` as a coroutine that runs it in a thread.

    Cancelling the coroutine does not stop a call that has begun: a write is then whole, and one that had
    not begun is absent.
    """

    async def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(getattr(self, method.__name__), *args, **kwargs)

    update_wrapper(run, method)
    return run
