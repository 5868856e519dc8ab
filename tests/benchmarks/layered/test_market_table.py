"""The market table: sleeves add up, the same each time, every figure is there, and its reading says no more."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.errors import InvalidInput, NotFound
from agentmem.runs.market.yardsticks import CROSSING, HOLDING
from agentmem.worlds.market.intervals import Bootstrap
from agentmem_bench.commands import app
from agentmem_bench.layered import market, market_report
from agentmem_bench.layered.market import DEBATE, FLAT, NONE, SINGLE, MarketPlan
from agentmem_bench.results import console

SETTINGS = Settings(embedder="hashing:64")
SMALL = MarketPlan(
    symbols=("AAPL", "GE"),
    start=datetime.date(2012, 1, 3),
    end=datetime.date(2012, 2, 29),
    warm_up=datetime.date(2011, 12, 1),
    seeds=3,
    how=Bootstrap(draws=200),
)
"""Years before those of the table, which nobody looks at to develop."""


def row(total: float, sharpe: float) -> dict:
    bounds = {"value": 0.0, "low": -0.1, "high": 0.1, "block": 3}
    both = {"total": bounds, "sharpe": bounds}
    performance = {"volatility": 0.1, "drawdown": -0.1, "turnover": 2.0, "costs": 0.01}
    return {"total": total, "sharpe": sharpe, **performance, "intervals": both, "less_buy_and_hold": both}


def told(low: float, high: float) -> dict:
    """A table by hand, in which the agent's Sharpe less that of the others lies between these."""
    bounds = {"value": (low + high) / 2, "low": low, "high": high, "block": 3}
    names = (SINGLE, DEBATE, FLAT, NONE, HOLDING, CROSSING)
    rows = {name: row(0.1 * place, 1.0) for place, name in enumerate(names)}
    rows[SINGLE]["less_buy_and_hold"] = {"total": bounds, "sharpe": bounds}
    rows[HOLDING]["less_buy_and_hold"] = None
    spread = {"mean": 0.1, "low": 0.0, "high": 0.2}
    random = dict.fromkeys(("total", "sharpe", "volatility", "drawdown", "turnover", "costs"), spread)
    return {
        "symbols": ["A"],
        "start": "2012-01-03",
        "end": "2012-02-29",
        "bootstrap": {"level": 0.95},
        "rows": rows,
        "random": {**random, "seeds": 3, "below_total": 0.5},
        "differences": [
            {"of": first, "less": second, "sharpe": bounds, "total": bounds} for first, second in market.PAIRS
        ],
    }


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.5, 0.5, "no difference from buy and hold that blocks of days would not explain"),
        (0.1, 0.5, "better than buy and hold beyond what blocks of days explain"),
        (-0.5, -0.1, "worse than buy and hold beyond what blocks of days explain"),
    ],
)
def test_the_reading_says_what_the_interval_allows(low, high, said):
    text = market.reading(told(low, high))
    assert said in text
    assert "Layered less flat memory: " in text and "Layered less no memory: " in text
    assert "it tells nothing of other years" in text


def test_the_table_shows_all_rows(capsys):
    made = told(-0.5, 0.5)
    for piece in market_report.pieces({**made, "reading": market.reading(made)}):
        console(None).print(piece)
    shown = capsys.readouterr().out
    for name in (*made["rows"], "random (3 seeds)"):
        assert name in shown


def test_no_seeds_and_unknown_symbols_are_refused():
    with pytest.raises(InvalidInput, match="--seeds is 0"):
        market.measure(MarketPlan(seeds=0), SETTINGS)
    with pytest.raises(NotFound, match="no prices of 'MOON'"):
        market.measure(MarketPlan(symbols=("MOON",)), SETTINGS)


def test_the_command_names_symbols_and_seeds():
    assert market.plan_of(None, 4).symbols == market.SYMBOLS
    assert market.plan_of("KO, GE", 4) == MarketPlan(symbols=("KO", "GE"), seeds=4)


@pytest.mark.slow
def test_a_small_table_is_measured_and_the_same_each_time(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing:64")
    monkeypatch.setattr("agentmem_bench.layered.market.plan_of", lambda symbols, seeds, start: SMALL)
    out = tmp_path / "out.json"
    said = CliRunner().invoke(app, ["layered", "--part", "market", "--json", str(out)])
    assert said.exit_code == 0, said.output
    assert "market: 2 symbols, 2012-01-03 to 2012-02-29" in said.stdout
    first, second = json.loads(out.read_text())["market"], market.measure(SMALL, SETTINGS)
    for result in (first, second):
        for one in result["rows"].values():
            one.pop("seconds", None)
    assert first == second
    assert set(first["rows"]) == {SINGLE, DEBATE, FLAT, NONE, HOLDING, CROSSING}
    assert {one["days"] for one in first["rows"].values()} == {39}
    assert all(first["rows"][name]["costs"] > 0 for name in (SINGLE, HOLDING))
    assert first["random"]["seeds"] == 3 and len(first["rule"]) == 3


def test_a_later_beginning_is_warmed_up_a_year_before_and_stands_before_the_end() -> None:
    plan = market.plan_of("KO", 5, datetime.date(2022, 1, 1))
    assert (plan.start, plan.warm_up) == (datetime.date(2022, 1, 1), datetime.date(2021, 1, 2))
    assert market.plan_of(None, 5).warm_up == MarketPlan.warm_up
    with pytest.raises(InvalidInput, match="2023-01-01"):
        market.plan_of("KO", 5, datetime.date(2023, 1, 1))
