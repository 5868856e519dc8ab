"""What a run in the market comes to: measures of its equity beside those of rules without a memory."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence

from agentmem.records import Text, Value
from agentmem.runs.market.folder import MarketFolder
from agentmem.runs.market.results import DayRow, RunState
from agentmem.runs.market.spec import MarketSpec
from agentmem.runs.market.yardsticks import Curve, curve_of, rules
from agentmem.worlds.market.account import Account
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.metrics import Performance

AGENTS = "agents"
"""What the run's own curve is called beside the others."""


class SleeveSummary(Value):
    """What the sleeve of a symbol came to.

    Attributes:
        symbol: The security.
        equity: At the end.
        realised: Profit and loss of what was closed.
        costs: Commissions, borrowing and slippage, in money.
        performance: Its measures; none before the second day.
        decisions: How often each side was decided.
        fills: How many orders were filled.
    """

    symbol: Text
    equity: float
    realised: float
    costs: float
    performance: Performance | None
    decisions: Mapping[Text, int]
    fills: int


class MarketSummary(Value):
    """What a run came to. Days of the warm-up count in nothing but `warm` and `seconds`.

    Attributes:
        planned: Days of trading that it has.
        days: Of these, done.
        warm: Days of the warm-up that are done.
        first: The first day that counts, as far as one is done.
        last: The last one.
        complete: Whether all days are done.
        interrupted: Whether Ctrl-C ended it.
        equity: Of all sleeves together at the end.
        measures: By name: of the agents, and of rules without a memory over the same days.
        sleeves: What each sleeve came to.
        errors: Decisions that a policy failed to make, and agents left out of debates.
        tokens: That models read and wrote for decisions.
        seconds: That its days took.
        remarks: What is odd in prices and news.
    """

    planned: int
    days: int
    warm: int
    first: datetime.date | None = None
    last: datetime.date | None = None
    complete: bool
    interrupted: bool = False
    equity: float
    measures: Mapping[Text, Performance]
    sleeves: tuple[SleeveSummary, ...]
    errors: int = 0
    tokens: int = 0
    seconds: float = 0.0
    remarks: tuple[Text, ...] = ()


def summary_of(
    folder: MarketFolder, market: Market, planned: int, state: RunState, *, interrupted: bool = False
) -> MarketSummary:
    """What the days of a run that are done come to.

    Args:
        folder: The run.
        market: Its market.
        planned: How many days it has, the warm-up among them.
        state: Where it stands.
        interrupted: Whether Ctrl-C ended it.
    """
    spec = folder.spec()
    tally = _Tally(spec.symbols)
    for row in folder.rows():
        tally.add(row)
    curves = curves_of(spec, market, tally.dates, tally.equity, state)
    measured = {name: curve.performance() for name, curve in curves.items()}
    return MarketSummary(
        planned=planned,
        days=state.done,
        warm=tally.warm,
        first=tally.dates[0] if tally.dates else None,
        last=tally.dates[-1] if tally.dates else None,
        complete=state.done == planned,
        interrupted=interrupted,
        equity=tally.equity[-1] if tally.equity else spec.cash,
        measures={name: one for name, one in measured.items() if one is not None},
        sleeves=tuple(tally.sleeve(symbol, state.sleeves[symbol].account) for symbol in spec.symbols),
        errors=tally.errors,
        tokens=tally.tokens,
        seconds=round(state.seconds, 3),
        remarks=(*market.remarks, *(note.text for note in market.notes if _matters(note.date, spec))),
    )


def curves_of(
    spec: MarketSpec,
    market: Market,
    dates: Sequence[datetime.date],
    equity: Sequence[float],
    state: RunState,
) -> dict[str, Curve]:
    """The equity curve of the agents, and those of the rules that they are compared with.

    Args:
        spec: The run.
        market: Its market.
        dates: Its days after the warm-up.
        equity: At the close of each.
        state: Where it stands after them.
    """
    accounts = [one.account for one in state.sleeves.values()]
    own = Curve(
        equity=tuple(equity),
        traded=sum(one.traded for one in accounts),
        costs=sum(one.costs + one.slipped for one in accounts),
    )
    if not dates:
        return {AGENTS: own}
    others = {name: curve_of(spec, market, rule, dates[0], dates[-1]) for name, rule in rules().items()}
    return {AGENTS: own, **others}


class _Tally:
    """What the days of a run add up to; a day is let go once it is counted."""

    def __init__(self, symbols: Sequence[str]) -> None:
        self.dates: list[datetime.date] = []
        self.equity: list[float] = []
        self.warm = self.errors = self.tokens = 0
        self._equities: dict[str, list[float]] = {symbol: [] for symbol in symbols}
        self._sides: dict[str, Counter[str]] = {symbol: Counter() for symbol in symbols}
        self._fills: Counter[str] = Counter()

    def add(self, row: DayRow) -> None:
        for one in row.sleeves:
            left_out = len(one.transcript.left_out) if one.transcript else 0
            self.errors += bool(one.decision.error) + left_out
            self.tokens += one.decision.tokens
            if not row.warm:
                self._equities[one.symbol].append(one.equity)
                self._sides[one.symbol][one.decision.side] += 1
                self._fills[one.symbol] += len(one.fills)
        if row.warm:
            self.warm += 1
        else:
            self.dates.append(row.date)
            self.equity.append(row.equity)

    def sleeve(self, symbol: str, account: Account) -> SleeveSummary:
        equity, costs = self._equities[symbol], account.costs + account.slipped
        curve = Curve(tuple(equity), account.traded, costs)
        return SleeveSummary(
            symbol=symbol,
            equity=equity[-1] if equity else account.cash,
            realised=account.realised,
            costs=costs,
            performance=curve.performance(),
            decisions=dict(self._sides[symbol]),
            fills=self._fills[symbol],
        )


def _matters(date: datetime.date, spec: MarketSpec) -> bool:
    return (spec.warm_up or spec.start) <= date <= spec.end
