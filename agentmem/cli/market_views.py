"""What is seen of a run in the market: a line a month, on a terminal the day at work; what it comes to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentmem.cli.live_views import View
from agentmem.cli.rendering import bar, inline
from agentmem.runs.market.execute import Watcher

if TYPE_CHECKING:
    from rich.console import RenderableType

    from agentmem.cli.rendering import Cell, Page
    from agentmem.runs.market.results import DayRow, SleeveDay
    from agentmem.runs.market.spec import MarketSpec
    from agentmem.runs.market.summary import MarketSummary
    from agentmem.worlds.market.metrics import Performance

SHOWN = 12
"""Sleeves in the picture."""


class Lines(View, Watcher):
    """A line for each month, with what all sleeves are worth at its end.

    Args:
        page: Where it goes.
        live: Whether there is a picture of the day at work, too.
    """

    def __init__(self, page: Page, *, live: bool = False) -> None:
        super().__init__(page, live=live)
        self._days: Sequence[datetime.date] = ()
        self._done = 0
        self._fills = 0
        self._cash = 0.0
        self._start = datetime.date.max

    def begins(self, spec: MarketSpec, days: Sequence[datetime.date], done: int) -> None:
        """Remember what there is to do."""
        self._days, self._done, self._cash, self._start = days, done, spec.cash, spec.start
        if done < len(days):
            self._page.line(
                f"{', '.join(spec.symbols)}: {_counted(len(days), 'day')} to {days[-1]}"
                + (f", going on after {done}" if done else "")
            )

    def ends(self, row: DayRow) -> None:
        """Tell of a month that ends, and of the warm-up as a whole."""
        self._done += 1
        self._fills += sum(len(one.fills) for one in row.sleeves)
        after = self._days[row.number + 1] if row.number + 1 < len(self._days) else None
        if row.warm:
            if after is None or after >= self._start:
                self._page.line(
                    f"warm-up, on paper: {_counted(self._done, 'day')} from {self._days[0]} to {row.date}"
                )
        elif after is None or after.month != row.date.month:
            fills = _counted(self._fills, "fill")
            change = f"{row.equity / self._cash - 1:+.1%}"
            self._page.line(f"{row.date:%Y-%m}  {row.equity:,.2f} ({change}), {fills}")
            self._fills = 0


class Live(Lines):
    """The day that is played: how far it is, and of each sleeve its position, worth and decision.

    Args:
        page: Where it goes; a terminal.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(page, live=True)

    def ends(self, row: DayRow) -> None:
        """Draw it, unless one was drawn just now."""
        super().ends(row)
        self.draw(lambda: self._picture(row))

    def _picture(self, row: DayRow) -> RenderableType:
        from rich.console import Group
        from rich.panel import Panel
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for place in range(5):
            table.add_column(
                justify="left" if place in {0, 4} else "right", no_wrap=True, overflow="ellipsis"
            )
        for one in row.sleeves[:SHOWN]:
            table.add_row(*_cells(one))
        more = len(row.sleeves) - SHOWN
        told = f"day {self._done} of {len(self._days)}"
        parts: list[RenderableType] = [bar(self._done, len(self._days), told), table]
        if more > 0:
            parts.append(Text(f"and {more} more", style="dim"))
        title = f"{row.date}{' · warm-up, on paper' if row.warm else ''} · {row.equity:,.2f}"
        return Panel(Group(*parts), title=Text(title), title_align="left", border_style="dim")


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def _cells(one: SleeveDay) -> tuple[str, str, str, str, str]:
    decision = one.decision
    size = "" if decision.side == "hold" else f" {decision.size:.2f}"
    return (
        inline(one.symbol),
        f"{one.close:,.2f}",
        f"{one.position:,}",
        f"{one.equity:,.0f}",
        inline(f"{decision.side}{size}: {decision.error or decision.reason}"),
    )


def tell(page: Page, summary: MarketSummary) -> None:
    """What a run comes to: its measures beside those of rules, and each sleeve."""
    columns = ["over all symbols", "return", "Sharpe", "volatility", "drawdown", "turnover", "costs"]
    rows: list[list[Cell]] = [[name, *_figures(one)] for name, one in summary.measures.items()]
    if rows:
        page.table(columns, rows)
    sleeves: list[list[Cell]] = [
        [
            one.symbol,
            f"{one.equity:,.2f}",
            *(_figures(one.performance)[:4] if one.performance else ["-"] * 4),
            " ".join(f"{one.decisions.get(side, 0)}" for side in ("buy", "sell", "hold")),
            str(one.fills),
        ]
        for one in summary.sleeves
    ]
    page.table(
        ["symbol", "worth", "return", "Sharpe", "volatility", "drawdown", "buy sell hold", "fills"], sleeves
    )
    told = {"days": f"{summary.days - summary.warm} after {summary.warm} of warm-up, {summary.seconds:.0f} s"}
    if summary.tokens:
        told["tokens"] = f"{summary.tokens:,}"
    if summary.errors:
        told["failed"] = f"{summary.errors} decisions or turns of a debate; see the report"
    page.pairs(told)
    for remark in summary.remarks:
        page.line(f"note: {remark}")


def _figures(one: Performance) -> list[str]:
    return [
        f"{one.total:+.1%}",
        "-" if one.sharpe is None else f"{one.sharpe:.2f}",
        f"{one.volatility:.1%}",
        f"{one.drawdown:.1%}",
        f"{one.turnover:.1f}",
        f"{one.costs:.1%}",
    ]
