import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agentmem.agents.trading.values import Order
from agentmem.errors import InvalidInput
from agentmem.worlds.market.account import Account, Position, opened
from agentmem.worlds.market.dealing import Deal, done
from agentmem.worlds.market.rules import Costs, Rules

DAY = datetime.date(2020, 1, 2)
FREE = Costs(commission_bps=0, slippage_bps=0)
SHORT = Rules(short=True)


def dealt(account, side, shares, price=10.0, costs=FREE, rules=None, symbol="A", **others):
    order = Order(side=side, shares=shares)
    deal = Deal(symbol, order, DAY, DAY, {symbol: price, **others})
    return done(account, deal, costs, rules or Rules())


def test_a_purchase_and_two_sales_realise_by_average_cost():
    costs = Costs(per_trade=1, per_share=0.1, commission_bps=100, slippage_bps=0)
    bought = dealt(opened(10_000), "buy", 100, 10.0, costs)
    assert bought.fill.cost == pytest.approx(1 + 10 + 10) and bought.fill.realised == 0
    assert bought.account.cash == pytest.approx(10_000 - 1_000 - 21)
    more = dealt(bought.account, "buy", 100, 20.0, costs).account
    assert more.position("A").shares == 200 and more.position("A").basis == pytest.approx(1_021 + 2_031)
    sold = dealt(more, "sell", 50, 30.0, costs)
    assert sold.fill.realised == pytest.approx(50 * 30 - (1 + 5 + 15) - 3_052 / 4)
    rest = dealt(sold.account, "sell", 150, 5.0, costs).account
    assert not rest.positions and rest.cash == pytest.approx(10_000 + rest.realised)
    assert rest.traded == pytest.approx(1_000 + 2_000 + 1_500 + 750)


def test_slippage_is_against_the_trader_and_counted():
    costs = Costs(commission_bps=0, slippage_bps=100)
    bought = dealt(opened(10_000), "buy", 10, 10.0, costs)
    sold = dealt(bought.account, "sell", 10, 10.0, costs)
    assert (bought.fill.price, sold.fill.price) == pytest.approx((10.1, 9.9))
    assert sold.account.slipped == pytest.approx(2) == -sold.account.realised and sold.account.costs == 0


@pytest.mark.parametrize(
    ("side", "shares", "rules", "done_", "said"),
    [
        ("buy", 200, Rules(), 100, "buy 100 of 200: the cash allows no more"),
        ("buy", 200, Rules(position_limit=0.25), 25, "buy 25 of 200: the position may not be larger"),
        ("buy", 25, Rules(position_limit=0.25), 25, ""),
        ("sell", 5, Rules(), 0, "sell 0 of 5: no more is held, and nothing may be sold short"),
        ("sell", 70, SHORT, 50, "sell 50 of 70: no more may be sold short"),
        ("hold", 0, SHORT, 0, ""),
    ],
)
def test_an_order_beyond_the_rules_is_cut_and_says_so(side, shares, rules, done_, said):
    outcome = dealt(opened(1_000), side, shares, rules=rules)
    assert (outcome.fill.shares if outcome.fill else 0) == done_ and outcome.note == said
    if not done_:
        assert outcome.account == opened(1_000)


def test_a_sale_that_costs_more_than_it_brings_and_the_account_has_is_not_done():
    account = Account(cash=0, deposit=100, positions={"A": Position(shares=5, basis=100)})
    outcome = dealt(account, "sell", 5, 0.1, Costs(per_trade=10))
    assert outcome.fill is None and "costs are more" in outcome.note and outcome.account == account


def test_one_order_may_close_and_open_the_other_way():
    short = dealt(opened(1_000), "sell", 40, rules=SHORT).account
    assert short.cash == 1_400 and short.position("A") == Position(shares=-40, basis=400)
    turned = dealt(short, "buy", 60, 8.0, rules=SHORT)
    assert turned.fill.realised == pytest.approx(80) and turned.account.position("A").shares == 20
    back = dealt(turned.account, "sell", 30, 9.0, rules=SHORT)
    assert back.fill.realised == pytest.approx(20) and back.account.position("A").shares == -10
    assert back.account.realised == pytest.approx(100)


def test_the_money_of_a_short_sale_buys_nothing_else():
    short = dealt(opened(1_000), "sell", 50, rules=SHORT).account
    assert short.cash == 1_500
    capped = dealt(short, "buy", 5_000, 1.0, rules=SHORT, symbol="B", A=10.0)
    assert capped.fill.shares == 1_000 and "cash" in capped.note


def test_all_that_is_sold_short_together_has_one_limit():
    short = dealt(opened(1_000), "sell", 30, rules=SHORT).account
    second = dealt(short, "sell", 99, 10.0, rules=SHORT, symbol="B", A=10.0)
    assert second.fill.shares == 20


def test_a_ruined_account_can_only_buy_back_what_cash_pays():
    ruined = Account(cash=100, deposit=100, positions={"A": Position(shares=-50, basis=50)})
    outcome = dealt(ruined, "buy", 90, 10.0, rules=SHORT)
    assert outcome.fill.shares == 10 and outcome.account.cash == 0
    assert dealt(outcome.account, "sell", 1, 10.0, rules=SHORT).fill is None


def test_a_deposit_is_money():
    for amount in (0, -1, float("nan"), float("inf")):
        with pytest.raises(InvalidInput, match="deposit"):
            opened(amount)


costs_ = st.builds(
    Costs,
    per_trade=st.sampled_from([0.0, 1.0, 9.99]),
    per_share=st.sampled_from([0.0, 0.005]),
    commission_bps=st.sampled_from([0.0, 5.0, 100.0]),
    slippage_bps=st.sampled_from([0.0, 5.0, 250.0]),
)
rules_ = st.builds(
    Rules, position_limit=st.sampled_from([0.1, 0.5, 1.0]), short=st.booleans(), short_limit=st.just(0.5)
)
order_ = st.tuples(
    st.sampled_from("AB"),
    st.sampled_from(["buy", "sell"]),
    st.integers(1, 3_000),
    st.floats(0.5, 2.0),
)


@given(costs_, rules_, st.lists(order_, max_size=25))
def test_the_books_balance_and_the_rules_hold_whatever_is_ordered(costs, rules, orders):
    account, prices = opened(10_000), {"A": 10.0, "B": 55.0}
    for symbol, side, shares, change in orders:
        prices[symbol] *= change
        before = account
        outcome = dealt(account, side, shares, prices[symbol], costs, rules, symbol, **_other(prices, symbol))
        account = outcome.account
        assert (outcome.fill is None) == (account == before)
        assert bool(outcome.note) == (outcome.fill is None or outcome.fill.shares < shares)
        held = account.position(symbol).shares
        if outcome.fill and side == "buy" and held > 0:
            assert held * prices[symbol] <= rules.position_limit * before.equity(prices) * (1 + 1e-9)
        if outcome.fill and side == "sell" and held < 0:
            assert account.sold_short(prices) <= 0.5 * before.equity(prices) * (1 + 1e-9)
        assert rules.short or all(one.shares > 0 for one in account.positions.values())
        assert account.cash >= 0
        bases = sum(one.basis * (1 if one.shares > 0 else -1) for one in account.positions.values())
        assert account.cash == pytest.approx(10_000 + account.realised - bases, abs=1e-4)
        if not account.positions:
            assert account.equity({}) == pytest.approx(10_000 + account.realised, abs=1e-4)
        if outcome.fill:
            assert Account.model_validate_json(account.model_dump_json()) == account


@given(costs_, st.floats(0, 1e7), st.floats(0.01, 5_000))
@example(Costs(per_share=0.005, commission_bps=100), 560_420.2542, 57.68)  # a division that rounds up
def test_what_can_be_paid_is_the_most_that_can(costs, money, price):
    shares = costs.affordable(money, price)
    assert shares * price + costs.of(shares, price) <= money or not shares
    assert (shares + 1) * price + costs.of(shares + 1, price) > money * (1 - 1e-12)


def _other(prices, symbol):
    return {name: price for name, price in prices.items() if name != symbol}
