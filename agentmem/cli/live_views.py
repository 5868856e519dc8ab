"""What views of a run share: a picture that is drawn anew on a terminal, and a bar of what is done."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live
    from rich.progress import Progress

    from agentmem.cli.rendering import Page

EVERY = 0.2
"""Seconds between two pictures."""


class View:
    """Lines about a run; on a terminal also a picture of what is at work, gone when the run is over.

    Args:
        page: Where it goes.
        live: Whether there is a picture: the page is a terminal.
    """

    def __init__(self, page: Page, *, live: bool = False) -> None:
        self._page = page
        self._is_live = live
        self._live: Live | None = None
        self._drawn = 0.0

    def __enter__(self) -> Self:
        if self._is_live:
            from rich.live import Live

            self._live = Live(console=self._page.console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def draw(self, picture: Callable[[], RenderableType]) -> None:
        """Draw it, unless one was drawn just now."""
        if self._live is not None and monotonic() - self._drawn >= EVERY:
            self._live.update(picture(), refresh=True)
            self._drawn = monotonic()


class Bar:
    """How many of a run's parts are done, under its lines on a terminal; elsewhere nothing.

    Args:
        page: Where it goes.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._progress: Progress | None = None

    @property
    def is_seen(self) -> bool:
        """Whether anybody would see it."""
        return self._page.is_rich and not self._page.is_silent

    def begin(self, what: str, total: int, done: int) -> None:
        """Show it: `done` of `total` parts, named `what`."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self._page.console)
        self._progress.add_task(what, total=total, completed=done)
        self._progress.start()

    def name(self, what: str) -> None:
        """Say which part is at work."""
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], description=what)

    def advance(self) -> None:
        """One more is done."""
        if self._progress is not None:
            self._progress.advance(self._progress.task_ids[0])

    def end(self) -> None:
        """Show it no more."""
        if self._progress is not None:
            self._progress.stop()
