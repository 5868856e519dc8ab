"""The sandbox: programs of strangers are run on inputs, each in a process of its own from a warm pool."""

from __future__ import annotations

import json
import os
import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from pydantic import JsonValue

from agentmem.errors import InvalidInput
from agentmem.worlds.sandbox.capabilities import Capabilities
from agentmem.worlds.sandbox.limits import SandboxLimits
from agentmem.worlds.sandbox.verdicts import Verdict, failed
from agentmem.worlds.sandbox.worker import Worker


class Sandbox:
    """Runs programs that define a function, on JSON, without trusting them.

    A program is forked from a warm process that has numpy loaded. Before its first line runs, its process has
    lost, as far as the kernel takes it away: user and capabilities; all files (an empty root, no descriptor
    that could be opened); the network, other processes and the environment (namespaces); all system calls
    but those of computing and of writing its reply (seccomp); and it has limits on processor, clock, memory
    and output. `capabilities` says what holds here. What a program prints goes nowhere.

    A program that does what it may not, or takes more than it may, has failed, with a reason; the next one is
    run as if nothing had been. What a verdict says of answers is what the program's process claimed: a
    hostile program can claim any answer, and so it must never see what its answers are compared with. A claim
    is read as JSON of a fixed form, so it can be wrong, and can do nothing else.

    Threads may share a sandbox; each program takes one of its processes for as long as it runs.

    Args:
        limits: What one program may take.
        prelude: A module whose public names programs have, and may import: `agentmem.worlds.arc.dsl`.
        workers: How many processes are kept; none: as many as there are processors.

    Raises:
        InvalidInput: `workers` is less than 1.
    """

    def __init__(
        self, limits: SandboxLimits | None = None, prelude: str | None = None, *, workers: int | None = None
    ) -> None:
        count = (os.cpu_count() or 1) if workers is None else workers
        if count < 1:
            raise InvalidInput(f"a sandbox of {count} processes runs nothing", "give one worker at least")
        self._limits = limits or SandboxLimits()
        self._workers = [Worker(self._limits, prelude) for _ in range(count)]
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def limits(self) -> SandboxLimits:
        """What one program may take."""
        return self._limits

    def capabilities(self) -> Capabilities:
        """What the kernel takes from programs here.

        Raises:
            Unavailable: no process can be started, or the prelude does not import.
        """
        with self._worker() as worker:
            return worker.capabilities()

    def run(
        self, program: str, inputs: Sequence[JsonValue], function: str = "transform", *, arrays: bool = False
    ) -> Verdict:
        """Run a program on inputs, one call of its function for each.

        An exception costs the answer for its input alone; a limit that is passed, those for its input and all
        after it; what is forbidden, all.

        Args:
            program: Its text: Python that defines the function.
            inputs: What the function is called with, each JSON.
            function: Its name.
            arrays: Whether it is given numpy arrays in place of lists.

        Raises:
            InvalidInput: an input is no JSON.
            Unavailable: no process can be started, or the prelude does not import.
        """
        texts = _written(inputs)
        too_long = self._too_long(program, texts)
        if too_long:
            return failed(len(inputs), "output", too_long)
        with self._worker() as worker:
            return worker.run(program, texts, function, arrays)

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.close()

    @contextmanager
    def _worker(self) -> Iterator[Worker]:
        worker = self._idle.get()
        try:
            yield worker
        finally:
            self._idle.put(worker)

    def _too_long(self, program: str, inputs: tuple[str, ...]) -> str:
        size = len(program.encode("utf-8", "surrogatepass"))
        if size > self._limits.program_bytes:
            return f"the program has {size:,} bytes, more than {self._limits.program_bytes:,}"
        given = sum(map(len, inputs))
        if given > self._limits.input_bytes:
            return f"the inputs have {given:,} bytes, more than {self._limits.input_bytes:,}"
        return ""


def _written(inputs: Sequence[JsonValue]) -> tuple[str, ...]:
    try:
        return tuple(json.dumps(one, allow_nan=False) for one in inputs)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"an input is no JSON ({error})", "give lists, numbers and text") from None
