import datetime

import numpy as np
import pytest

from agentmem.agents.trading.values import Decision
from agentmem.errors import InvalidInput, NotFound
from agentmem.worlds.market.baselines import buy_and_hold, chance, moving_averages
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.prices import Prices
from agentmem.worlds.market.replay import replay
from agentmem.worlds.market.rules import Costs, Rules

FREE = Costs(commission_bps=0, slippage_bps=0)


def test_buy_and_hold_earns_what_the_price_does_after_the_first_fill(quoted):
    market = Market(quoted(A=[10, 20, 30, 25]), costs=FREE)
    result = replay(market, buy_and_hold, deposit=1_000)
    assert result.equity == (1_000, 1_000, 1_500, 1_250)
    (fill,) = result.fills
    assert (fill.shares, fill.price) == (50, 20) and len(result.notes) == 1 and "cash" in result.notes[0][2]
    found = result.performance()
    assert found.total == pytest.approx(0.25) and found.costs == 0
    assert found.turnover == pytest.approx(1_000 / np.mean(result.equity) * 252 / 3)


def test_costs_come_off(quoted):
    market = Market(quoted(A=[10, 10, 10]), costs=Costs(commission_bps=100, slippage_bps=100))
    result = replay(market, buy_and_hold, deposit=1_000)
    paid = 98 * 10.1 * 1.01 - 980
    assert result.equity[-1] == pytest.approx(1_000 - paid)
    assert result.performance().costs == pytest.approx(paid / 1_000)


def test_moving_averages_buy_after_a_rise_and_sell_after_a_fall(quoted):
    closes = [10.0] * 10 + [11.0] * 6 + [8.0] * 10
    result = replay(Market(quoted(A=closes), costs=FREE), moving_averages(2, 6))
    assert [fill.side for fill in result.fills] == ["buy", "sell"]
    days = result.days
    assert [fill.date for fill in result.fills] == [days[11], days[17]], "the day after each crossing"
    assert [fill.price for fill in result.fills] == [11, 8]


@pytest.mark.parametrize("means", [(0, 5), (5, 5), (10, 5), (5, 261)])
def test_means_that_are_none_are_refused(means):
    with pytest.raises(InvalidInput, match="fast < slow"):
        moving_averages(*means)


def test_chance_has_the_turnover_that_was_asked_for_and_comes_again_from_its_seed(walk):
    columns = {symbol: walk(300, seed=seed, deviation=0.005) for seed, symbol in enumerate("ABCD")}
    market = Market(Prices(columns), costs=FREE, rules=Rules(position_limit=0.25), derive="never")
    turnovers = [replay(market, chance(30, seed)).performance().turnover for seed in range(5)]
    assert np.mean(turnovers) == pytest.approx(30, rel=0.15) and len(set(turnovers)) == 5
    assert replay(market, chance(30, 1)) == replay(market, chance(30, 1))
    assert replay(market, chance(0)).fills == ()
    with pytest.raises(InvalidInput, match="turnover"):
        chance(300)


def test_sales_are_filled_before_purchases_and_symbols_wait_for_their_prices(quoted):
    market = Market(quoted(A=[None, None, 10, 10, 10], Z=[10] * 5), costs=FREE)

    def turn(day):
        return Decision(side="sell" if day.symbol == "Z" and day.date.day >= 3 else "buy", size=1.0)

    result = replay(market, turn, deposit=100)
    assert [(fill.symbol, fill.side, fill.date.day) for fill in result.fills] == [
        ("Z", "buy", 2),
        ("Z", "sell", 6),
        ("A", "buy", 7),  # the account at the close of the 3rd had no cash, so that nothing was ordered
    ]
    assert result.equity == (100,) * 5


def test_what_a_sale_brings_may_be_spent_on_the_same_day(quoted):
    market = Market(quoted(A=[None, 10, 20, 20], Z=[10] * 4), costs=FREE)

    def turn(day):
        if day.symbol == "Z":
            return Decision(side="sell" if day.position else "buy", size=1.0 if day.position else 0.5)
        return Decision(side="buy", size=1.0)

    result = replay(market, turn, deposit=105, end=datetime.date(2020, 1, 3))
    assert [(fill.symbol, fill.side, fill.shares) for fill in result.fills] == [
        ("Z", "buy", 5),
        ("Z", "sell", 5),
        ("A", "buy", 5),  # 100, where there were 55 before the sale
    ]


def test_what_is_decided_on_the_last_day_is_not_filled(quoted):
    market = Market(quoted(A=[1] * 9))
    first = market.days()[0]
    assert replay(market, buy_and_hold, start=first, end=first).fills == ()


def test_a_stretch_of_days_is_replayed_alone(quoted):
    market = Market(quoted(A=list(range(1, 40))), costs=FREE)
    days = market.days()
    result = replay(market, buy_and_hold, start=days[10], end=days[20])
    assert result.days == days[10:21] and result.fills[0].date == days[11]
    with pytest.raises(NotFound, match="'Z'"):
        replay(market, buy_and_hold, symbols=["Z"])


def test_short_sales_go_through_a_replay(walk):
    market = Market(Prices({"A": walk(200)}), rules=Rules(short=True))

    def wild(day):
        side = "sell" if int(day.close * 100) % 2 else "buy"
        return Decision(side=side, size=0.7)

    result = replay(market, wild)
    assert any(fill.side == "sell" and not fill.realised for fill in result.fills)
    account = result.account
    bases = sum(one.basis * (1 if one.shares > 0 else -1) for one in account.positions.values())
    assert account.cash == pytest.approx(100_000 + account.realised - bases) and account.costs > 0
