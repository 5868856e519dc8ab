"""What is seen of a run while it is played: a live view on a terminal, a line an episode elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from agentmem.cli.live_views import Bar, View
from agentmem.cli.rendering import bar, inline
from agentmem.cli.run_tables import ended, episode_line
from agentmem.runs.execute import Watcher
from agentmem.runs.subgoals import open_path

if TYPE_CHECKING:
    from rich.console import RenderableType

    from agentmem.agents.loop import Limits
    from agentmem.agents.memory import AgentMemory
    from agentmem.agents.trace import Result, Row
    from agentmem.cli.rendering import Page
    from agentmem.records import Context
    from agentmem.runs.spec import RunSpec
    from agentmem.runs.suite import SuiteFolder
    from agentmem.worlds.planning.world import PlanningWorld


class Lines(View, Watcher):
    """A line for each episode."""

    def ends(self, episode: int, result: Result) -> None:
        """Tell of one."""
        self._page.line(episode_line(episode, result))


class Live(Lines):
    """The episode that is played: goal, open subgoals, last step, tokens against the budget.

    Args:
        page: Where it goes; a terminal.
        spec: What is run.
    """

    def __init__(self, page: Page, spec: RunSpec) -> None:
        super().__init__(page, live=True)
        self._spec = spec
        self._episode = 0
        self._world: PlanningWorld | None = None
        self._memory: AgentMemory | None = None
        self._limits: Limits | None = None

    def begins(self, episode: int, world: PlanningWorld, memory: AgentMemory, limits: Limits) -> None:
        """Remember whom to look at."""
        self._episode, self._world, self._memory, self._limits = episode, world, memory, limits

    def step(self, row: Row, context: Context | None) -> None:
        """Draw it, unless it was drawn just now."""
        self.draw(lambda: self._picture(row))

    def _picture(self, row: Row) -> RenderableType:
        from rich.panel import Panel
        from rich.table import Table
        from rich.text import Text

        assert self._world is not None and self._memory is not None and self._limits is not None  # noqa: S101, PT018
        table = Table.grid(padding=(0, 2))
        table.add_column(style="cyan", no_wrap=True)
        table.add_column(overflow="ellipsis")
        width = max(20, self._page.console.width - 20)
        table.add_row("goal", Text(_cut(self._world.task.removeprefix("Goal: "), 2 * width)))
        for depth, goal in enumerate(open_path(self._memory.store, self._memory.session)):
            table.add_row("" if depth else "subgoal", Text("  " * depth + _cut(goal, width), style="bold"))
        table.add_row("last step", Text(_cut(row.action or "(what is seen first)", width)))
        table.add_row("", Text(_cut(row.observation, 2 * width), style="" if row.valid else "yellow"))
        steps, budget = self._limits.steps, self._limits.budget
        table.add_row("steps", bar(row.step, steps, f"{row.step:,} of {steps:,}"))
        table.add_row(
            "context", bar(row.context_tokens, budget, f"{row.context_tokens:,} of {budget:,} tokens")
        )
        table.add_row("progress", bar(row.progress, 1, f"{row.progress:.0%}"))
        spec = self._spec
        title = f"{inline(spec.name)} · episode {self._episode + 1} of {spec.episodes}"
        return Panel(table, title=Text(title), title_align="left", border_style="dim")


class SuiteView:
    """The episodes of a suite: a line each, and on a terminal a bar.

    Args:
        page: Where it goes.
        folder: The suite.
    """

    def __init__(self, page: Page, folder: SuiteFolder) -> None:
        self._page = page
        self._folder = folder
        self._bar = Bar(page)

    def __enter__(self) -> Self:
        if self._bar.is_seen:
            from agentmem.runs.workers import summary_of

            runs = self._folder.spec().runs
            done = sum(summary_of(self._folder.of(run), run).finished for run in runs)
            self._bar.begin("episodes", sum(run.episodes for run in runs), done)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.end()

    def ends(self, spec: RunSpec, episode: int, result: Result) -> None:
        """Tell of an episode of a run."""
        self._page.line(f"{spec.name}, {episode_line(episode, result)}")
        if ended(result) != "interrupted":
            self._bar.advance()


def _cut(text: str, width: int) -> str:
    """`text` on one line of at most so many characters."""
    line = inline(text)
    return line if len(line) <= width else f"{line[: width - 1]}…"
