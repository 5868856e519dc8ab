"""The market table: agents with memories beside rules without one, over the same days, costs and sleeves."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.resources import files
from time import perf_counter
from typing import Any

import numpy as np

from agentmem.bank import Bank
from agentmem.bulk import Spread
from agentmem.config import Settings
from agentmem.devices import cores
from agentmem.errors import InvalidInput
from agentmem.runs.market.asking import asked_for
from agentmem.runs.market.desk import Desk
from agentmem.runs.market.execute import days_of
from agentmem.runs.market.spec import MarketSpec
from agentmem.runs.market.yardsticks import HOLDING, Curve, curve_of, rules
from agentmem.worlds.market.baselines import chance
from agentmem.worlds.market.intervals import Bootstrap, Interval, difference, interval
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.metrics import cumulative, returns_of, sharpe
from agentmem.worlds.market.prices import builtin_prices
from agentmem_bench.layered.market_reading import DEBATE, FLAT, NONE, SINGLE, reading
from agentmem_bench.pool import spread
from agentmem_bench.progress import Watch, unwatched

SYMBOLS = ("AAPL", "AMD", "BAC", "BBY", "CVX", "GE", "HD", "JNJ", "JPM", "KO")
"""The first ten of the built-in prices by their names, so that none is chosen for how it went."""
START, END = datetime.date(2019, 1, 1), datetime.date(2022, 12, 28)
WARM = datetime.timedelta(weeks=52)
"""Of warm-up before the first day that counts."""
SEEDS = 50
"""Random traders."""
RULE = ("signal.py", "tone.py", "character.py")
"""The files that are the signal rule; their digest says which one it was."""
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    SINGLE: {"agents": 1, "memory": "layered"},
    DEBATE: {"agents": 3, "debate": 2, "memory": "layered"},
    FLAT: {"agents": 1, "memory": "flat"},
    NONE: {"agents": 1, "memory": "none"},
}
"""Runs by name, as options of `agentmem run market`; one agent where nothing else is said."""
PAIRS = ((SINGLE, HOLDING), (DEBATE, HOLDING), (SINGLE, FLAT), (SINGLE, NONE), (DEBATE, SINGLE))
"""Of which the difference is told: the first less the second."""


@dataclass(frozen=True)
class MarketPlan:
    """What is traded, and how often chance is asked.

    Attributes:
        symbols: Of the built-in prices.
        start: The first day that counts.
        end: The last one.
        warm_up: The first day of the warm-up.
        seeds: How many random traders.
        how: How returns are drawn anew for intervals.
        workers: Processes at once; none: one a core.
    """

    symbols: Sequence[str] = SYMBOLS
    start: datetime.date = START
    end: datetime.date = END
    warm_up: datetime.date = START - WARM
    seeds: int = SEEDS
    how: Bootstrap = field(default_factory=lambda: Bootstrap(draws=2_000))
    workers: int | None = None


def plan_of(symbols: str | None, seeds: int, start: datetime.date = START) -> MarketPlan:
    """What the command line asks for.

    Args:
        symbols: Between commas; none: ten.
        seeds: How many random traders.
        start: The first day that counts.

    Raises:
        InvalidInput: it is not before the last one.
    """
    if start >= END:
        raise InvalidInput(f"--from {start} is not before the last day", f"that is {END}")
    chosen = tuple(one.strip() for one in symbols.split(",") if one.strip()) if symbols else SYMBOLS
    return MarketPlan(symbols=chosen, start=start, warm_up=start - WARM, seeds=seeds)


@dataclass(frozen=True)
class Leg:
    """One symbol's part of a curve, and what an agent did there."""

    curve: Curve
    seconds: float
    fills: int = 0


def measure(plan: MarketPlan, settings: Settings, watch: Watch = unwatched) -> dict[str, Any]:
    """The table as JSON. Each sleeve is played by a process of its own: sleeves share nothing.

    Args:
        plan: What is traded.
        settings: They name the embedder.
        watch: Is told how far it is.

    Raises:
        InvalidInput: no seeds, or days without prices.
        NotFound: a symbol without prices.
        Unavailable: a library of the extra `market` is missing.
    """
    if plan.seeds < 1:
        raise InvalidInput(f"--seeds is {plan.seeds}", "give one random trader at least")
    spec, _ = asked_for(_given(plan, plan.symbols, {}), settings)
    workers = plan.workers or cores()
    with spread(workers) as over:
        curves, effort = _agents(plan, settings, over, watch)
        curves |= _summed(
            _gathered(
                over, {symbol: partial(_ruled, plan, symbol, spec) for symbol in plan.symbols}, watch, "rules"
            )
        )
        turnover = _told(curves[SINGLE])["turnover"]
        wanted = {symbol: partial(_chances, plan, symbol, spec, turnover) for symbol in plan.symbols}
        random = _summed(_gathered(over, wanted, watch, "chance"))
    returns = {name: returns_of(curve.equity) for name, curve in curves.items()}
    hold = returns[HOLDING]
    rows = {
        name: {
            **_told(curve),
            "intervals": _both(lambda of, own=returns[name]: interval(own, of, plan.how)),
            "less_buy_and_hold": None
            if name == HOLDING
            else _both(lambda of, own=returns[name]: difference(own, hold, of, plan.how)),
            **effort.get(name, {}),
        }
        for name, curve in curves.items()
    }
    told = {
        "symbols": list(plan.symbols),
        "start": str(plan.start),
        "end": str(plan.end),
        "warm_up": str(plan.warm_up),
        "prices": spec.prices,
        "news": "derived from the prices",
        "policy": "signal",
        "rule": _rule(),
        "execution": spec.execution,
        "costs": spec.costs.model_dump(),
        "rules": spec.rules.model_dump(),
        "cash": spec.cash,
        "bootstrap": plan.how.model_dump(),
        "workers": workers,
        "rows": rows,
        "random": _by_chance(curves[SINGLE], list(random.values()), turnover),
        "differences": [
            {"of": first, "less": second}
            | _both(
                lambda of, one=returns[first], other=returns[second]: difference(one, other, of, plan.how)
            )
            for first, second in PAIRS
        ],
    }
    return told | {"reading": reading(told)}


def _agents(
    plan: MarketPlan, settings: Settings, over: Spread, watch: Watch
) -> tuple[dict[str, Curve], dict[str, dict[str, Any]]]:
    """The curves of the agents, and what they took."""
    work = {
        (name, symbol): partial(_played, plan, symbol, options, settings)
        for name, options in VARIANTS.items()
        for symbol in plan.symbols
    }
    legs = _gathered(over, work, watch, "agents")
    curves, effort = {}, {}
    for name in VARIANTS:
        own = [legs[name, symbol] for symbol in plan.symbols]
        curves[name] = _sum([leg.curve for leg in own])
        effort[name] = {
            "fills": sum(leg.fills for leg in own),
            "seconds": round(sum(leg.seconds for leg in own), 1),
        }
    return curves, effort


def _given(plan: MarketPlan, symbols: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
    dates = {"from": plan.start, "to": plan.end, "warm_up": str(plan.warm_up)}
    return {"symbols": ",".join(symbols), **dates, **options}


def _played(plan: MarketPlan, symbol: str, options: Mapping[str, Any], settings: Settings) -> Leg:
    """A sleeve played by agents as `agentmem run market` does, with a bank that is gone afterwards."""
    began = perf_counter()
    cash = {"cash": MarketSpec.model_fields["cash"].default / len(plan.symbols)}
    spec, market = asked_for(_given(plan, [symbol], {**options, **cash}), settings)
    market = replace(market.until(spec.end), costs=spec.costs, rules=spec.rules, execution=spec.execution)
    equity: list[float] = []
    fills = 0
    with Bank("sqlite://", settings=settings) as bank:
        desk = Desk(spec, symbol, market, bank, None)
        state = desk.begun()
        for date in days_of(spec, market):
            warm = date < spec.start
            told, state = desk.turn(date, state, warm=warm, counted=False)
            equity += [] if warm else [told.equity]
            fills += len(told.fills)
    account = state.account
    curve = Curve(tuple(equity), account.traded, account.costs + account.slipped)
    return Leg(curve, perf_counter() - began, fills)


def _sleeve(plan: MarketPlan, symbol: str, spec: MarketSpec) -> tuple[MarketSpec, Market]:
    """The sleeve of a symbol for rules that read prices alone."""
    alone = spec.altered({"symbols": (symbol,), "cash": spec.sleeve})
    prices = builtin_prices([symbol]).until(plan.end)
    return alone, Market(prices, costs=spec.costs, rules=spec.rules, execution=spec.execution, derive="never")


def _ruled(plan: MarketPlan, symbol: str, spec: MarketSpec) -> dict[str, Curve]:
    alone, market = _sleeve(plan, symbol, spec)
    return {name: curve_of(alone, market, rule, plan.start, plan.end) for name, rule in rules().items()}


def _chances(plan: MarketPlan, symbol: str, spec: MarketSpec, turnover: float) -> dict[str, Curve]:
    alone, market = _sleeve(plan, symbol, spec)
    return {
        str(seed): curve_of(alone, market, chance(turnover, seed), plan.start, plan.end)
        for seed in range(plan.seeds)
    }


def _gathered(
    over: Spread, work: Mapping[Any, Callable[[], Any]], watch: Watch, stage: str
) -> dict[Any, Any]:
    """What each piece of work gives, by its key."""
    watch(stage, 0, len(work))
    found: dict[Any, Any] = {}
    for key, given in zip(work, over(_called, work.values()), strict=True):
        found[key] = given
        watch(stage, len(found), len(work))
    return found


def _called(work: Callable[[], Any]) -> Any:
    return work()


def _summed(by_symbol: Mapping[str, Mapping[str, Curve]]) -> dict[str, Curve]:
    """Curves of all symbols together, by name."""
    names = next(iter(by_symbol.values()))
    return {name: _sum([curves[name] for curves in by_symbol.values()]) for name in names}


def _sum(curves: Sequence[Curve]) -> Curve:
    return Curve(
        tuple(sum(values) for values in zip(*(one.equity for one in curves), strict=True)),
        sum(one.traded for one in curves),
        sum(one.costs for one in curves),
    )


def _told(curve: Curve) -> dict[str, Any]:
    found = curve.performance()
    assert found is not None  # noqa: S101  days enough for intervals are days enough
    return found.model_dump()


def _both(of: Callable[..., Interval]) -> dict[str, Any]:
    """An interval of the cumulative return, and of the Sharpe ratio."""
    return {"total": of(cumulative).model_dump(), "sharpe": of(sharpe).model_dump()}


def _by_chance(own: Curve, random: Sequence[Curve], turnover: float) -> dict[str, Any]:
    """How random traders did, and how many of them did worse than the agent."""
    found, mine = [_told(curve) for curve in random], _told(own)

    def spread(name: str) -> dict[str, float]:
        values = np.array([one[name] or 0.0 for one in found])
        low, high = np.quantile(values, [0.05, 0.95])
        return {"mean": float(values.mean()), "low": float(low), "high": float(high)}

    measures = ("total", "sharpe", "volatility", "drawdown", "turnover", "costs")
    return {
        "seeds": len(found),
        "turnover_asked": turnover,
        **{name: spread(name) for name in measures},
        "below_total": float(np.mean([one["total"] < mine["total"] for one in found])),
        "below_sharpe": float(np.mean([(one["sharpe"] or 0.0) < (mine["sharpe"] or 0.0) for one in found])),
    }


def _rule() -> dict[str, str]:
    folder = files("agentmem.agents.trading")
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in RULE}
