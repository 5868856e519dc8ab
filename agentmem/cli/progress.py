"""Progress of long work: a bar on stderr while that is a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SAID = {"turns": "writing turns", "vectors": "making vectors"}
"""What a person is told of each stage."""

Told = Callable[[str, int, int], None]
"""Called with a stage of `SAID`, how many are done since the last call, and how many in all."""


def unwatched(stage: str, done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def bar() -> Iterator[Told | None]:
    """A progress bar for `agentmem.cli.ingesting.ingest`; none where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, TaskID] = {}

        def told(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(SAID.get(stage, stage), total=None)
            # Without a total the bar moves by itself: the first step may be long.
            progress.update(tasks[stage], advance=done, total=total if done else None)

        yield told
        for task in progress.tasks:
            progress.update(task.id, completed=task.completed, total=task.completed)
