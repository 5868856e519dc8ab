"""Bulk work: a function over many batches, in this process or on workers of Ray, results in order.

Ray is there for the work alone. Whoever asked keeps what comes back, so that one process writes to the
bank, and a batch whose worker was killed is done again by another.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar

from agentmem.errors import InvalidInput, Unavailable
from agentmem.extras import needed

Batch = TypeVar("Batch")
Result = TypeVar("Result")

RETRIES = 3
"""How often a batch is done again whose worker died."""
AHEAD = 2
"""Batches under way for each worker: one that it does, and one that waits for it."""
OBJECT_STORE = 200_000_000
"""Bytes of memory in which Ray passes on what is large."""
SHORT = Path("/tmp")  # noqa: S108 - a folder of our own is made in it
"""Where Ray's sockets are, if it is there: their paths may have 107 characters at most."""


class Spread(Protocol):
    """Maps a function over batches, lazily and in order; the built-in `map` is one."""

    def __call__(self, function: Callable[[Batch], Result], batches: Iterable[Batch], /) -> Iterator[Result]:
        """The result for each batch."""
        ...


def in_process(function: Callable[[Batch], Result], batches: Iterable[Batch], /) -> Iterator[Result]:
    """Do one batch after the other, here."""
    return map(function, batches)


@contextmanager
def spread(workers: int = 0, address: str | None = None) -> Iterator[Spread]:
    """What maps functions over batches: for 0 workers in this process, else on so many workers of Ray.

    A Ray that runs in this process already is used, and left running. Else one is begun on this machine and
    ended, unless a cluster is named, by `address` or by RAY_ADDRESS: there agentmem has to be installed too.
    Functions, batches and results are sent between processes, so they have to be of modules that a
    worker can import.

    Raises:
        InvalidInput: a number below 0, or a cluster and no workers.
        Unavailable: Ray is not installed, or cannot be reached.
    """
    if workers < 0 or (address and not workers):
        raise InvalidInput(f"{workers} workers" + (f" on {address}" if address else ""), "give 1 or more")
    if not workers:
        yield in_process
        return
    ray = _imported()
    if ray.is_initialized():
        yield partial(_on_ray, ray, workers)
        return
    with TemporaryDirectory(prefix="agentmem-", dir=SHORT if SHORT.is_dir() else None) as folder:
        _begin(ray, workers, address or os.environ.get("RAY_ADDRESS"), folder)
        try:
            yield partial(_on_ray, ray, workers)
        finally:
            ray.shutdown()


def _imported() -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # it reports to its makers unless told not to
    # It prints that a worker died on standard output, where the answers of commands are.
    os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", "^")
    with needed("workers", "ray"):
        import ray
    return ray


def _begin(ray: Any, workers: int, address: str | None, folder: str) -> None:
    own = {
        "num_cpus": workers,
        "object_store_memory": OBJECT_STORE,
        "include_dashboard": False,
        "_temp_dir": folder,
    }
    try:
        with _without_dashboard():
            # Not None: that would join whatever cluster was begun last on this machine.
            ray.init(
                address=address or "local",
                configure_logging=False,
                log_to_driver=False,
                **({} if address else own),
            )
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise Unavailable(
            f"Ray cannot be {'reached at ' + address if address else 'begun'}: {error}",
            "give the address of a cluster that runs, or no workers",
        ) from error


@contextmanager
def _without_dashboard() -> Iterator[None]:
    """Let Ray begin without the process of its dashboard.

    Also where no dashboard is wanted, that process asks the metadata services of clouds where it runs, by
    HTTP and DNS, and no setting of Ray keeps it from that.
    """
    from ray._private.node import Node

    begin = Node.start_api_server
    Node.start_api_server = lambda node, **_: setattr(node, "_webui_url", None)
    try:
        yield
    finally:
        Node.start_api_server = begin


def _on_ray(
    ray: Any, workers: int, function: Callable[[Batch], Result], batches: Iterable[Batch], /
) -> Iterator[Result]:
    try:
        shared = ray.put(function)
    except TypeError as error:
        raise InvalidInput(
            f"{function!r} cannot be sent to another process", "do it in this one, without workers"
        ) from error
    task = ray.remote(max_retries=RETRIES)(_done)
    under_way: deque[Any] = deque()
    for batch in batches:
        under_way.append(task.remote(shared, batch))
        if len(under_way) >= AHEAD * workers:
            yield _result(ray, under_way.popleft())
    while under_way:
        yield _result(ray, under_way.popleft())


def _done(function: Callable[[Batch], Result], batch: Batch) -> Result:
    return function(batch)


def _result(ray: Any, reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None  # as it was raised in the worker
    except ray.exceptions.RayError as error:
        raise Unavailable(
            f"a batch was not done, though begun {RETRIES + 1} times: {type(error).__name__}",
            "run it again; what is done is kept",
        ) from error
