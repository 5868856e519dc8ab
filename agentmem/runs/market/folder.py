"""The folder of a run in the market: what it is, its prices and news, its memory, a line for each day."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from agentmem.agents.trace import write_whole
from agentmem.errors import Damaged
from agentmem.runs.folder import SUMMARY, Folder, read_json
from agentmem.runs.market.keeping import market_of, news_text, prices_text
from agentmem.runs.market.results import DayRow, RunState
from agentmem.runs.market.spec import MarketSpec
from agentmem.worlds.market.market import Market

SPEC, PRICES, NEWS, DAYS, STATE = "market.json", "prices.csv", "news.jsonl", "days.jsonl", "state.json"
EQUITY, REPORT = "equity.csv", "report.html"


class MarketFolder(Folder):
    """A run in the market on disk."""

    run = SPEC
    beside = (PRICES, NEWS)

    @property
    def report(self) -> Path:
        """The page that shows it."""
        return self.path / REPORT

    def begin(self, spec: MarketSpec, market: Market) -> None:
        """Make it the folder of a run.

        Raises:
            Conflict: something is there.
        """
        self.write(spec, {PRICES: prices_text(market, spec), NEWS: news_text(market, spec)})

    def spec(self) -> MarketSpec:
        """What is run.

        Raises:
            NotFound: no run is kept there.
            Damaged: what is kept there is no run.
        """
        return read_json(self.path / SPEC, MarketSpec, "run")

    def market(self) -> Market:
        """Its market, up to its last day.

        Raises:
            NotFound: the prices are not there.
            FormatError: prices or news are not as they were written.
        """
        return market_of(self.spec(), self.path / PRICES, self.path / NEWS)

    def state(self) -> RunState | None:
        """Where it stands; none: no day of it is done.

        Raises:
            Damaged: it cannot be read.
        """
        file = self.path / STATE
        return read_json(file, RunState, "state of a run") if file.exists() else None

    def rows(self) -> Iterator[DayRow]:
        """The days that are done, in order.

        Raises:
            Damaged: one is missing, or a line is no day.
        """
        state, file = self.state(), self.path / DAYS
        done = state.done if state else 0
        number = 0
        if done and file.exists():
            with file.open("rb") as lines:
                for line in lines:
                    if number == done:
                        return
                    yield _row(line, number, file)
                    number += 1
        if number < done:
            raise Damaged(f"{file} holds {number} days of {done}", "begin the run anew")

    def cut(self) -> None:
        """Take out of the trace what was written after the last day that is done."""
        state, file = self.state(), self.path / DAYS
        if not file.exists():
            return
        size = 0
        with file.open("r+b") as lines:
            for _ in range(state.done if state else 0):
                size += len(lines.readline())
            lines.truncate(size)

    def add(self, rows: Sequence[DayRow], state: RunState) -> None:
        """Keep days that are done, and where the run stands after them."""
        with (self.path / DAYS).open("a", encoding="utf-8") as file:
            file.write("".join(f"{row.model_dump_json(exclude_defaults=True)}\n" for row in rows))
            file.flush()
            os.fsync(file.fileno())
        write_whole(self.path / STATE, state.model_dump_json())

    def summarize(self, summary: str) -> None:
        """Keep what it comes to, as JSON, and its equity curve beside it."""
        curve = "".join(f"{row.date},{row.equity!r}\n" for row in self.rows() if not row.warm)
        write_whole(self.path / EQUITY, f"date,equity\n{curve}")
        write_whole(self.path / SUMMARY, summary + "\n")


def _row(line: bytes, number: int, file: Path) -> DayRow:
    try:
        row = DayRow.model_validate_json(line)
    except ValidationError as error:
        raise Damaged(f"{file}, line {number + 1}: no day of a run", "begin the run anew") from error
    if row.number != number:
        raise Damaged(f"{file}, line {number + 1}: the day of number {row.number}", "begin the run anew")
    return row
