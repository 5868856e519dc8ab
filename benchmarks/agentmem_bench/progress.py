"""How far a long run is: a bar on standard error where that is a terminal, else nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Watch = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def unwatched(stage: str, done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def bar() -> Iterator[Watch]:
    """A progress bar for each stage."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield show
