"""Plays a run in the market in its folder, day by day; one that was cut off goes on where it stopped."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from time import perf_counter

from agentmem.bank import Bank
from agentmem.bank.sources import Clock, NewId, system_clock
from agentmem.config import Settings
from agentmem.models.base import ChatModel
from agentmem.runs.interrupting import Interruption
from agentmem.runs.market.desk import NAMESPACE, Desk
from agentmem.runs.market.folder import MarketFolder
from agentmem.runs.market.report import write_report
from agentmem.runs.market.results import DayRow, RunState, SleeveState
from agentmem.runs.market.spec import MarketSpec
from agentmem.runs.market.summary import MarketSummary, summary_of
from agentmem.worlds.market.market import Market

COUNTED = 5
"""On every so many days the items in each layer are counted."""


class Watcher:
    """Is told what happens in a run; this one makes nothing of it."""

    def begins(self, spec: MarketSpec, days: Sequence[datetime.date], done: int) -> None:
        """The run begins, or goes on: so many of its days are done."""

    def ends(self, row: DayRow) -> None:
        """A day is done."""


def days_of(spec: MarketSpec, market: Market) -> tuple[datetime.date, ...]:
    """All days of a run, those of the warm-up first: from the day on which all its symbols have a price."""
    first = max(market.prices.of(symbol).dates[0].item() for symbol in spec.symbols)
    return market.days(max(first, spec.warm_up or spec.start), spec.end)


def check(spec: MarketSpec, settings: Settings) -> None:
    """Find what is wrong with a run before its folder is made.

    Raises:
        AgentMemError: an option of the memory or the name of the model is not what it can be.
    """
    from agentmem.models import open_model

    if spec.model:
        open_model(settings, spec.model)
    plan = spec.plan(spec.characters[0])
    if plan.spec is not None:
        with Bank("sqlite://", settings=settings) as bank:
            bank.store(plan.spec, NAMESPACE)


def play(
    folder: MarketFolder,
    settings: Settings,
    watcher: Watcher | None = None,
    *,
    model: ChatModel | None = None,
    clock: Clock = system_clock,
    new_id: NewId | None = None,
) -> MarketSummary:
    """Play what of a run was not played yet, and write its report.

    Each day is on disk before the next begins. A day that was cut off is done again, from the state of the
    day before: ids and times follow from the day, so that memories keep nothing twice.

    Args:
        folder: The run.
        settings: Those of its bank.
        watcher: Is told what happens.
        model: The language model; none: the one that the run names.
        clock: Tells the time of the bank.
        new_id: Makes ids of events.

    Returns:
        What became of it. After Ctrl-C it is not complete; it can be played on.

    Raises:
        AgentMemError: memory or model do not work; it can be played on when they do.
    """
    spec, market = folder.spec(), folder.market()
    watcher = watcher or Watcher()
    days = days_of(spec, market)
    given = settings.model_copy(update={"db": str(folder.bank), "model": spec.model or settings.model})
    interrupted = False
    with (
        folder.held(),
        Bank(folder.bank, settings=given, model=model, clock=clock, new_id=new_id) as bank,
    ):
        chat = bank.chat_model(NAMESPACE, "run", spec.model) if spec.policy == "model" else None
        desks = [Desk(spec, symbol, market, bank, chat) for symbol in spec.symbols]
        state = folder.state() or RunState(sleeves={desk.symbol: desk.begun() for desk in desks})
        folder.cut()
        watcher.begins(spec, days, state.done)
        interruption = Interruption()
        with interruption.listening():
            try:
                for date in days[state.done :]:
                    row, state = _day(spec, desks, date, state)
                    interruption.check()
                    folder.add([row], state)
                    watcher.ends(row)
            except KeyboardInterrupt:
                interrupted = True
        state = folder.state() or state
        summary = summary_of(folder, market, len(days), state, interrupted=interrupted)
        folder.summarize(summary.model_dump_json(indent=2))
        write_report(folder, market, summary, {desk.symbol: desk for desk in desks})
        return summary


def _day(
    spec: MarketSpec, desks: Sequence[Desk], date: datetime.date, state: RunState
) -> tuple[DayRow, RunState]:
    began = perf_counter()
    warm = date < spec.start
    sleeves: dict[str, SleeveState] = {}
    told = []
    for desk in desks:
        seen, sleeves[desk.symbol] = desk.turn(
            date, state.sleeves[desk.symbol], warm=warm, counted=state.done % COUNTED == 0
        )
        told.append(seen)
    row = DayRow(
        number=state.done,
        date=date,
        warm=warm,
        equity=sum(one.equity for one in told),
        sleeves=tuple(told),
    )
    seconds = state.seconds + perf_counter() - began
    return row, RunState(done=state.done + 1, seconds=seconds, sleeves=sleeves)
