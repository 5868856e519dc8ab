"""What is seen of a run over ARC tasks: a line a task, what it comes to, and one task with its program."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from types import TracebackType
from typing import TYPE_CHECKING, Self

from agentmem.cli.live_views import Bar
from agentmem.cli.rendering import GAP, INDENT, Page, inline
from agentmem.runs.arc.execute import Watcher
from agentmem.runs.arc.summary import ArcSummary, TaskLine, line_of
from agentmem.worlds.arc.grids import Grid, coloured, text_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from agentmem.cli.rendering import Cell
    from agentmem.runs.arc.folder import ArcFolder
    from agentmem.runs.arc.results import Row, Step
    from agentmem.worlds.arc.tasks import Task

MOST_CONCEPTS = 8
"""Concepts that are told of a task."""
ARROW = "->"


class View(Watcher):
    """A line for each task that is done, and on a terminal a bar.

    Args:
        page: Where it goes.
        folder: The run.
        planned: How many tasks it has.
    """

    def __init__(self, page: Page, folder: ArcFolder, planned: int) -> None:
        self._page = page
        self._folder = folder
        self._planned = planned
        self._bar = Bar(page)

    def __enter__(self) -> Self:
        if self._bar.is_seen and self._planned > 1:
            self._bar.begin("tasks", self._planned, len(self._folder.rows()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.end()

    def begins(self, position: int, task: Task) -> None:
        """Say on the bar which one is at work."""
        self._bar.name(inline(task.id))

    def ends(self, row: Row) -> None:
        """Tell of one."""
        self._page.line(f"{row.outcome.position + 1}/{self._planned} {task_line(line_of(row))}")
        self._bar.advance()


def task_line(line: TaskLine) -> str:
    """A task in a line: `007bbfb7: solved, found as program 12, 40 concepts (2 cited), 0.4 s`."""
    told = [_verdict(line)]
    if line.found is not None:
        told.append(f"found as program {line.found:,}")
    elif line.tried:
        told.append(f"{line.tried:,} programs tried")
    if line.selected:
        told.append(f"{line.selected} concepts ({line.cited} cited)")
    return f"{line.task}: {', '.join(told)}, {line.seconds:.1f} s"


def _verdict(line: TaskLine) -> str:
    if line.verified:
        return {True: "solved", False: "fits the examples, fails a test", None: "fits the examples"}[
            line.solved
        ]
    if line.solved:
        return "solved, though an example does not fit"
    return f"not solved: {line.reason}" if line.reason else "not solved"


def tell(page: Page, summary: ArcSummary) -> None:
    """What a run comes to, as a table of oracle@k and a line for each figure."""
    rows: list[list[Cell]] = [
        [f"oracle@{one.k}", str(one.depth), f"{one.total:.2f}", f"{one.share:.1%}"] for one in summary.oracle
    ]
    if summary.scored:
        page.table(["measure", "retries", f"of {summary.scored} tasks", "share"], rows)
    figures: dict[str, object] = {
        "solved": f"{summary.solved} by any of {summary.attempts} attempts, {summary.first} by the first",
        "fit their examples": f"{summary.verified}, of which {summary.mistaken} fail a test",
    }
    if summary.tried:
        figures["programs tried"] = f"{summary.tried:,}"
    if summary.prompt_tokens:
        figures["tokens"] = f"{summary.prompt_tokens:,} read, {summary.completion_tokens:,} written"
    if summary.held:
        first, last = summary.held[0], summary.held[-1]
        grown = f"{first.concepts} after the first task, {last.concepts} after the last"
        waiting = f", {last.waiting} verdicts wait" if last.waiting else ""
        figures["concepts"] = f"{grown} ({last.tokens:,} tokens, {last.problems} problems{waiting})"
    if summary.failed:
        figures["failed"] = f"{summary.failed}"
    page.pairs(figures)


def tell_task(page: Page, task: Task, row: Row) -> None:
    """One task: its grids, what was selected for it, and the program that stands for it."""
    page.heading(f"{task.id}: examples")
    for number, pair in enumerate(task.train, 1):
        _grids(page, f"example {number}", [pair.input, pair.output])
    best = row.outcome.best
    for number, pair in enumerate(task.test, 1):
        _grids(page, f"test {number}, as answered", [pair.input, _output(best, number - 1)])
    page.heading("what is seen")
    page.line(row.outcome.text)
    if row.outcome.selected:
        page.heading("concepts selected")
        shown = row.outcome.selected[:MOST_CONCEPTS]
        page.table(
            ["score", "cited", "concept"],
            [[f"{one.score:.2f}", "yes" if one.id in row.cited else "", one.title] for one in shown],
        )
        if len(shown) < len(row.outcome.selected):
            page.line(f"and {len(row.outcome.selected) - len(shown)} more")
    page.heading("program" if best is not None else "no program was found")
    if best is not None:
        page.block(best.program)
    page.line()


def _output(step: Step | None, place: int) -> Grid | None:
    return step.outputs[place] if step is not None and step.outputs else None


def _grids(page: Page, title: str, grids: Sequence[Grid | None]) -> None:
    """Grids side by side: in colours on a terminal, as digits elsewhere."""
    page.line(title)
    if page.is_rich and not page.is_silent:
        from rich.padding import Padding
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        shown: list[RenderableType] = [coloured(grid) if grid is not None else "?" for grid in grids]
        table.add_row(shown[0], ARROW, *shown[1:])
        page.console.print(Padding(table, (0, 0, 1, len(INDENT))))
        return
    columns = [text_of(grid).split("\n") if grid is not None else ["?"] for grid in grids]
    width = len(columns[0][0])
    for number, (left, right) in enumerate(zip_longest(*columns, fillvalue="")):
        between = ARROW if number == 0 else " " * len(ARROW)
        page.line(f"{INDENT}{left.ljust(width)}{GAP}{between}{GAP}{right}".rstrip())
    page.line()
