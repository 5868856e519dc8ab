import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.stores.layered.presets import FINMEM
from agentmem.worlds.market.calendar import NEW_YORK
from agentmem.worlds.market.checks import Checks
from agentmem.worlds.market.derived import Derivation, derived_items
from agentmem.worlds.market.prices import builtin_prices, series

NOON = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)


def told(prices, day=None, policy=None):
    seen = prices if day is None else prices.until(day)
    return derived_items("A", seen, NOON, policy or Derivation(), Checks())


def named(items):
    return [item.text.split(":")[0].removeprefix("derived-") for item in items]


def test_an_unusual_move_is_told_with_its_figures_and_a_usual_one_is_not(walk):
    calm = walk(100, deviation=0.01)
    closes = np.append(calm.close[:-1], calm.close[-2] * 0.93)
    (item,) = told(series(calm.dates.tolist(), closes))
    assert item.text.startswith("derived-move: A fell 7.0% in a day") and item.derived
    assert "below the mean of the 60 days before" in item.text
    assert item.kind == "news" and 40 < item.importance <= 80 and item.time == NOON
    closes[-1] = closes[-2] * 1.005
    assert told(series(calm.dates.tolist(), closes)) == ()


@pytest.mark.parametrize("ratio", [0.5, 2.0, 0.1])
def test_what_looks_like_a_split_is_no_news_then_or_later(walk, ratio):
    plain = walk(500, deviation=0.01)
    split = plain.close.copy()
    split[300:] *= ratio
    changed = series(plain.dates.tolist(), split)
    for day in plain.dates[295:].tolist():
        told_plain, told_split = named(told(plain, day)), named(told(changed, day))
        if day == plain.dates[300].item():
            told_plain = [name for name in told_plain if name != "move"]
        assert told_plain == told_split


def test_a_change_after_a_long_gap_is_no_move(walk):
    calm = walk(100, deviation=0.01)
    days = calm.dates.tolist()
    days[-1] += datetime.timedelta(days=30)
    items = told(series(days, np.append(calm.close[:-1], calm.close[-2] * 0.9)))
    assert "move" not in named(items)


def test_prices_that_stood_still_and_move_are_told():
    days = [datetime.date(2020, 4, 1) + datetime.timedelta(days=number) for number in range(80)]
    assert told(series(days, [10.0] * 80)) == ()
    (item,) = told(series(days, [10.0] * 79 + [10.5]))
    assert "more than 10 standard deviations above" in item.text and item.importance == 80


def test_turbulence_is_told_once_at_its_beginning():
    generator = np.random.default_rng(3)
    moves = np.concatenate([generator.normal(0, 0.01, 300), generator.normal(0, 0.04, 40)])
    days = [datetime.date(2019, 1, 1) + datetime.timedelta(days=number) for number in range(340)]
    prices = series(days, 100 * np.exp(np.cumsum(moves)))
    found = [day for day in days[295:] if "volatility" in named(told(prices, day))]
    assert len(found) == 1 and days[300] <= found[0] <= days[312]
    (item,) = [one for one in told(prices, found[0]) if "volatility" in one.text.split(":")[0]]
    assert "has become turbulent" in item.text and item.kind == "news"


def test_a_high_is_told_once_while_it_goes_on():
    days = [datetime.date(2019, 1, 1) + datetime.timedelta(days=number) for number in range(400)]
    closes = [100 - 0.01 * number for number in range(350)] + [101 + number * 0.01 for number in range(50)]
    prices = series(days, closes)
    highs = [day for day in days if "high" in named(told(prices, day))]
    assert highs == [days[350]]
    lows = [day for day in days if "low" in named(told(prices, day))]
    assert lows == [], "each day was a low already"


def test_quarters_and_years_are_summed_up_on_the_first_day_after_them():
    apple = builtin_prices(["AAPL"]).of("AAPL")
    days = [day for day in apple.dates.tolist() if 2018 <= day.year <= 2019]
    found = {}
    for day in days:
        for item in told(apple, day):
            if item.kind != "news":
                found.setdefault(day.isoformat(), []).append((item.kind, item.text))
    assert list(found) == [
        *("2018-01-02", "2018-04-02", "2018-07-02", "2018-10-01"),
        *("2019-01-02", "2019-04-01", "2019-07-01", "2019-10-01"),
    ]
    (kind, quarter), (yearly, year) = found["2019-01-02"]
    assert (kind, yearly) == ("quarterly", "annual")
    closes = {day.isoformat(): close for day, close in zip(apple.dates.tolist(), apple.close, strict=True)}
    change = closes["2018-12-31"] / closes["2017-12-29"] - 1
    assert year.startswith(f"derived-year: in the year 2018 A lost {-change:.1%} and closed it at")
    change = closes["2018-12-31"] / closes["2018-09-28"] - 1
    assert quarter.startswith(f"derived-quarter: in quarter 4 of 2018 A lost {-change:.1%}")


def test_a_quarter_with_few_prices_is_not_summed_up(walk):
    short = walk(30, start=datetime.date(2020, 2, 25))
    assert all(item.kind == "news" for day in short.dates.tolist() for item in told(short, day))


def test_the_kinds_are_those_that_choose_the_layers():
    assert {kind: FINMEM.entrances[kind] for kind in ("news", "quarterly", "annual")} == {
        "news": "shallow",
        "quarterly": "intermediate",
        "annual": "deep",
    }


@given(st.integers(0, 10_000), st.integers(1, 700))
def test_the_same_prices_tell_the_same_whatever_comes_after(seed, length):
    generator = np.random.default_rng(seed)
    closes = 50 * np.exp(np.cumsum(generator.standard_t(3, 720) * 0.02))
    days = [datetime.date(2019, 1, 1) + datetime.timedelta(days=number) for number in range(720)]
    whole, cut = series(days, closes), series(days[:length], closes[:length])
    assert told(whole, days[length - 1]) == told(cut)
    assert all(item.time == NOON and item.derived for item in told(cut))


def test_only_so_many_days_matter():
    apple = builtin_prices(["AAPL"]).of("AAPL")
    policy = Derivation()
    for day in apple.dates[3000:3300].tolist():
        seen = apple.until(day)
        recent = seen.dates[-policy.reach :].tolist(), seen.close[-policy.reach :]
        assert told(series(*recent), policy=policy) == told(seen, policy=policy)
    assert NEW_YORK.closes(datetime.date(2020, 1, 2)) < NOON
