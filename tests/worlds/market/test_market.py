import datetime

import pytest

from agentmem.agents.trading.values import HISTORY, Item, Order
from agentmem.errors import InvalidInput, NotFound, Refused
from agentmem.worlds.market.account import Account, Position, opened
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.news import news_of
from agentmem.worlds.market.prices import Prices, series
from agentmem.worlds.market.rules import Costs, Rules

FREE = Costs(commission_bps=0, slippage_bps=0)
D = datetime.date
BUY = Order(side="buy", shares=10)


def item(time, text="x", symbol="A", **others):
    return Item(time=datetime.datetime.fromisoformat(time), symbol=symbol, text=text, **others)


def texts(day):
    return [one.text for one in day.items]


def test_an_order_is_filled_at_the_next_open_or_close_never_at_the_price_it_saw():
    days = [D(2020, 1, 2), D(2020, 1, 3), D(2020, 1, 6)]
    prices = Prices({"A": series(days, [10, 12, 14], [None, 11, None])})
    market = Market(prices, costs=FREE)
    at_open = market.execute(opened(1_000), "A", BUY, days[0]).fill
    assert (at_open.date, at_open.price, at_open.decided) == (days[1], 11, days[0])
    at_close = market.execute(opened(1_000), "A", BUY, days[1]).fill
    assert (at_close.date, at_close.price) == (days[2], 14)
    last = market.execute(opened(1_000), "A", BUY, days[2])
    assert last.fill is None and "last day" in last.note and last.account == opened(1_000)
    same = Market(prices, costs=FREE, execution="close").execute(opened(1_000), "A", BUY, days[2]).fill
    assert (same.date, same.price) == (days[2], 14)


def test_costs_and_slippage_meet_the_order(quoted):
    market = Market(quoted(A=[10, 20]), costs=Costs(per_trade=1, commission_bps=10, slippage_bps=100))
    fill = market.execute(opened(1_000), "A", BUY, D(2020, 1, 1)).fill
    assert fill.price == pytest.approx(20.2) and fill.cost == pytest.approx(1 + 0.202)


def test_without_a_price_a_symbol_is_not_traded_and_counts_at_its_last(quoted):
    market = Market(quoted(A=[10, None, 30, 40], B=[1, 1, 1, 1]), costs=FREE)
    first, second, third, fourth = market.days()
    outcome = market.execute(opened(1_000), "A", BUY, first)
    assert outcome.fill is None and "no price on 2020-01-02: the order lapses" in outcome.note
    bought = market.execute(opened(1_000), "A", BUY, second)
    assert bought.fill.date == third and bought.fill.price == 30
    held = Account(cash=0, deposit=100, positions={"A": Position(shares=10, basis=100)}, day=first)
    assert [market.equity(held, day) for day in (first, second, third, fourth)] == [100, 100, 300, 400]
    seen = market.day("A", second, held)
    assert seen.close == 10 and seen.closes == (10,) and seen.equity == 100 and seen.date == second


def test_a_symbol_that_is_not_there_yet_is_named(quoted):
    market = Market(quoted(A=[None, 1, 1], B=[1, 1, 1]))
    first, second, _ = market.days()
    with pytest.raises(NotFound, match=r"no prices of 'A'.*there are: B"):
        market.day("A", first, opened(1))
    with pytest.raises(NotFound, match="no prices of 'A'"):
        market.execute(opened(100), "A", BUY, first)
    with pytest.raises(NotFound, match=r"no prices of 'Z'.*A, B"):
        market.execute(opened(100), "Z", BUY, second)
    assert market.day("A", second, opened(1)).close == 1
    holding = Account(cash=0, deposit=1, positions={"Z": Position(shares=1, basis=1)})
    with pytest.raises(NotFound, match="the account holds Z"):
        market.equity(holding, second)


def test_days_are_those_with_prices(quoted):
    market = Market(quoted(A=[1] * 10))
    assert market.days(D(2020, 1, 4), D(2020, 1, 7)) == (D(2020, 1, 6), D(2020, 1, 7))
    with pytest.raises(InvalidInput, match="no trading day from 2020-01-04 to 2020-01-05"):
        market.days(D(2020, 1, 4), D(2020, 1, 5))
    with pytest.raises(InvalidInput, match="2020-01-04 is no day of trading"):
        market.day("A", D(2020, 1, 4), opened(1))
    with pytest.raises(InvalidInput, match="2021-01-04 is no day of trading"):
        market.execute(opened(1), "A", BUY, D(2021, 1, 4))


def test_an_account_does_not_go_back_in_time(quoted):
    market = Market(quoted(A=[1] * 5), costs=FREE)
    first, second, third, *_ = market.days()
    after = market.execute(opened(100), "A", BUY, second).account
    assert after.day == third
    for ask in (
        lambda: market.day("A", second, after),
        lambda: market.equity(after, second),
        lambda: market.execute(after, "A", BUY, first),
        lambda: market.settled(after, second),
    ):
        with pytest.raises(Refused, match="knows of"):
            ask()
    assert market.equity(after, third) == 100


def test_a_day_carries_so_many_closes_and_the_account(quoted):
    market = Market(quoted(A=list(range(1, 301))))
    last = market.days()[-1]
    held = Account(cash=7, deposit=5, positions={"A": Position(shares=2, basis=4)}, realised=6)
    day = market.day("A", last, held)
    assert len(day.closes) == HISTORY and day.closes[-1] == day.close == 300 and day.closes[0] == 41
    assert (day.position, day.cash, day.equity, day.realised) == (2, 7, 607, 6)


def test_news_of_the_weekend_and_after_the_close_is_new_the_next_day_once(quoted):
    market = Market(
        quoted(A=[1] * 10),  # 2020-01-01 is a Wednesday
        news_of(
            [
                item("2019-12-01T00:00:00Z", "long ago"),
                item("2020-01-03T20:59:59Z", "Friday, before the close"),
                item("2020-01-03T21:00:00Z", "Friday, at the close"),
                item("2020-01-03T21:00:01Z", "Friday, after the close"),
                item("2020-01-04T12:00:00Z", "Saturday"),
                item("2020-01-06T16:00:00-05:00", "Monday, at the close"),
            ]
        ),
    )
    wednesday, thursday, friday, monday, tuesday, *_ = market.days()
    seen = {day: texts(market.day("A", day, opened(1))) for day in market.days()}
    assert seen[wednesday] == ["long ago"] and seen[thursday] == []
    assert seen[friday] == ["Friday, before the close", "Friday, at the close"]
    assert seen[monday] == ["Friday, after the close", "Saturday", "Monday, at the close"]
    assert seen[tuesday] == []


@pytest.mark.parametrize(("day", "hour"), [(D(2020, 3, 6), 21), (D(2020, 3, 9), 20), (D(2020, 2, 28), 21)])
def test_the_close_keeps_to_the_clocks_of_new_york(walk, day, hour):
    news = news_of([item(f"{day}T{hour}:00:00Z", "in time"), item(f"{day}T{hour}:00:01Z", "late")])
    market = Market(Prices({"A": walk(500)}), news)
    assert texts(market.day("A", day, opened(1))) == ["in time"]
    following = market.days(day)[1]
    assert texts(market.day("A", following, opened(1))) == ["late"]


def test_a_leap_day_with_a_price_is_a_day_of_trading():
    days = [D(2020, 2, 28), D(2020, 2, 29), D(2020, 3, 1)]
    market = Market(
        Prices({"A": series(days, [1, 2, 3])}), news_of([item("2020-02-29T20:00:00Z", "leap")]), costs=FREE
    )
    assert market.days() == tuple(days) and texts(market.day("A", days[1], opened(1))) == ["leap"]
    assert market.execute(opened(100), "A", BUY, days[0]).fill.date == days[1]


def test_items_are_derived_until_somebody_writes(walk):
    prices = Prices({"A": walk(300, deviation=0.02), "B": walk(300, seed=1)})
    first = prices.calendar[200].item()
    news = news_of([item(f"{first}T12:00:00Z", "written")])
    for derive, before, after in (
        ("unwritten", True, False),
        ("always", True, True),
        ("never",) + (False,) * 2,
    ):
        market = Market(prices, news, derive=derive)
        found = {
            day: any(one.derived for one in market.day("A", day, opened(1)).items) for day in market.days()
        }
        assert any(there for day, there in found.items() if day < first) is before
        assert any(there for day, there in found.items() if day >= first) is after
    always = Market(prices, news)
    assert any(one.derived for day in always.days(first) for one in always.day("B", day, opened(1)).items)


def test_on_a_day_without_a_price_nothing_is_derived_again(walk):
    whole = walk(200)
    dates, closes = whole.dates.tolist(), whole.close.tolist()
    gap = series(dates[:150] + dates[151:], [*closes[:149], closes[149] * 1.3, *closes[151:]])
    market = Market(Prices({"A": gap, "B": whole}))
    assert any("derived-move" in text for text in texts(market.day("A", dates[149], opened(1))))
    assert texts(market.day("A", dates[150], opened(1))) == []


def test_what_is_sold_short_pays_for_each_night(quoted):
    market = Market(quoted(A=[10.0] * 8, B=[1.0] * 8), costs=FREE, rules=Rules(short=True, borrow_rate=0.365))
    days, account = market.days(), opened(1_000)
    sold = market.execute(account, "A", Order(side="sell", shares=50), days[0]).account
    assert sold.cash == 1_500 and sold.day == days[1]
    account, covered = market.settled(sold, days[1])
    assert account.cash == 1_500 and covered == ()
    account = market.execute(account, "B", BUY, days[1]).account
    assert account.cash == pytest.approx(1_500 - 0.5 - 10), "a night of the short, and the purchase"
    account, _ = market.settled(account, days[5])
    nights = (days[5] - days[1]).days
    assert account.costs == pytest.approx(0.5 * nights) == -account.realised


def test_a_short_that_equity_no_longer_covers_is_bought_back(quoted):
    market = Market(quoted(A=[10.0, 10.0, 24.0, 24.0]), costs=FREE, rules=Rules(short=True, borrow_rate=0))
    days = market.days()
    account = market.execute(opened(1_000), "A", Order(side="sell", shares=50), days[0]).account
    account, (outcome,) = market.settled(account, days[2])
    assert outcome.fill.shares == 50 and outcome.fill.price == 24 and outcome.fill.date == days[2]
    assert "no longer covers" in outcome.note and not account.positions
    assert account.cash == pytest.approx(300) == 1_000 + account.realised


def test_ruin_is_told_and_cash_never_under_nothing(quoted):
    market = Market(quoted(A=[10.0, 10.0, 100.0, 100.0]), costs=FREE, rules=Rules(short=True))
    days = market.days()
    account = market.execute(opened(1_000), "A", Order(side="sell", shares=50), days[0]).account
    account, (outcome,) = market.settled(account, days[2])
    assert outcome.fill.shares == 14 and "14 of 50: the cash allows no more" in outcome.note
    assert market.equity(account, days[2]) < 0 <= account.cash


def test_what_is_odd_is_remarked_for_people(quoted):
    news = news_of([item("2020-01-03T12:00:00Z")] * 2 + [item("2020-01-03T12:00:00Z", symbol="Z")])
    market = Market(quoted(A=[10, 5, 5]), news)
    assert [note.kind for note in market.notes] == ["split"]
    repeated, strange = market.remarks
    assert "1 items of the news are there more than once" in repeated and "about Z" in strange
    with pytest.raises(InvalidInput, match="execution"):
        Market(quoted(A=[1]), execution="open")
    with pytest.raises(InvalidInput, match="derived"):
        Market(quoted(A=[1]), derive="maybe")
