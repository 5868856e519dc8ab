"""What is planted in the future changes nothing that a market tells of the past."""

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.agents.trading.values import Item, Order
from agentmem.worlds.market.account import Account, Position, opened
from agentmem.worlds.market.baselines import buy_and_hold, moving_averages
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.news import news_of
from agentmem.worlds.market.prices import Prices, series
from agentmem.worlds.market.replay import replay

LENGTH = 330
DAYS = [datetime.date(2019, 6, 3) + datetime.timedelta(days=number) for number in range(LENGTH)]


def rows(seed):
    """Closes and opens of three symbols: A with gaps, B, and C that begins late."""
    generator = np.random.default_rng(seed)
    found = {}
    for symbol in "ABC":
        closes = 50 * np.exp(np.cumsum(generator.standard_t(3, LENGTH) * 0.02))
        opens = closes * np.exp(generator.normal(0, 0.01, LENGTH))
        there = generator.random(LENGTH) > (0.1 if symbol == "A" else 0)
        if symbol == "C":
            there[:200] = False
        found[symbol] = [
            (day, float(close), float(first) if generator.random() > 0.3 else None)
            for day, close, first, is_there in zip(DAYS, closes, opens, there, strict=True)
            if is_there
        ]
    return found


def written(seed):
    generator = np.random.default_rng(seed + 1)
    moments = [
        datetime.datetime.combine(DAYS[int(day)], datetime.time(int(hour)), datetime.UTC)
        for day, hour in zip(generator.integers(150, LENGTH, 60), generator.integers(0, 24, 60), strict=True)
    ]
    return [Item(time=time, symbol="A", text=f"news {number}") for number, time in enumerate(moments)]


def market_of(quotes, items):
    columns = {symbol: series(*zip(*there, strict=True)) for symbol, there in quotes.items() if there}
    return Market(Prices(columns), news_of(items))


def ended(seed, day):
    """The market of which nothing later than the close of a day was ever written down."""
    quotes = {symbol: [row for row in there if row[0] <= day] for symbol, there in rows(seed).items()}
    closing = Market(Prices({})).session.closes(day)
    return market_of(quotes, [item for item in written(seed) if item.time <= closing])


def planted(seed, day):
    """The market with another future: a split, a crash, other opens, a new symbol, loud news, no B."""
    quotes = {
        symbol: [row for row in there if row[0] <= day]
        + [(when, close / 20, 1_000.0) for when, close, _ in there if when > day and symbol != "B"]
        for symbol, there in rows(seed).items()
    }
    quotes["NEW"] = [(when, 1.0, None) for when in DAYS if when > day]
    closing = Market(Prices({})).session.closes(day)
    known = [item for item in written(seed) if item.time <= closing]
    later = [
        Item(time=closing + datetime.timedelta(seconds=1), symbol=symbol, text="PLANTED", importance=100)
        for symbol in ("A", "B", "C")
    ]
    return market_of(quotes, known + later)


def told(market, day):
    """All that a market tells of a day."""
    held = {symbol: Position(shares=3, basis=1) for symbol in market.symbols if _priced(market, symbol, day)}
    account = Account(cash=1_000, deposit=1_000, positions=held)
    days = [market.day(symbol, day, account) for symbol in sorted(held)]
    return days, market.equity(account, day), market.settled(account, day)


def _priced(market, symbol, day):
    return market.prices.of(symbol).dates[0].item() <= day


@settings(max_examples=12)
@given(st.integers(0, 1_000), st.integers(0, LENGTH - 2))
def test_no_day_differs_from_that_of_a_market_that_ends_today(seed, length):
    whole, today = market_of(rows(seed), written(seed)), DAYS[length]
    short, other = ended(seed, today), planted(seed, today)
    assert whole.days(end=today) == short.days() == other.days(end=today)
    for day in (*short.days()[-40:], *short.days()[::29]):
        assert told(whole, day) == told(short, day) == told(other, day) == told(whole.until(today), day)


@settings(max_examples=12)
@given(st.integers(0, 1_000), st.integers(1, LENGTH - 2))
def test_no_fill_differs_from_that_of_a_market_that_ends_on_its_day(seed, length):
    whole, today = market_of(rows(seed), written(seed)), DAYS[length]
    short, other, decided = ended(seed, today), planted(seed, today), DAYS[length - 1]
    for symbol in ("A", "B"):
        if not _priced(short, symbol, decided) or decided not in whole.days():
            continue
        order = Order(side="buy", shares=7)
        outcomes = [market.execute(opened(1_000), symbol, order, decided) for market in (whole, short, other)]
        assert outcomes[0] == outcomes[1] == outcomes[2]


@pytest.mark.parametrize("rule", [buy_and_hold, moving_averages(5, 20)])
@pytest.mark.parametrize("length", [60, 250])
def test_no_equity_of_a_rule_differs_up_to_today(rule, length):
    whole, today = market_of(rows(4), written(4)), DAYS[length]
    results = [
        replay(market, rule, symbols=["A", "B"], end=today)
        for market in (whole, ended(4, today), planted(4, today))
    ]
    assert results[0] == results[1] == results[2]
    longer = replay(whole, rule, symbols=["A", "B"])
    assert longer.equity[: len(results[0].equity)] == results[0].equity


def test_planted_news_is_seen_the_day_after_it_and_never_before():
    market = planted(2, DAYS[200])
    for day in market.days():
        texts = [item.text for item in market.day("A", day, opened(1)).items]
        assert ("PLANTED" in texts) == (day == DAYS[201])
