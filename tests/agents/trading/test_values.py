"""What market and agents exchange: nothing of the future, and orders within the account's means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agentmem.agents.trading.values import HOLD, Day, Decision, Item, Order, sized
from agentmem.errors import InvalidInput

NOW = datetime(2020, 3, 2, 21, tzinfo=UTC)


def a_day(**changes) -> Day:
    given = {"date": date(2020, 3, 2), "now": NOW, "symbol": "A", "close": 10.0, "closes": (9.0, 10.0)}
    return Day(**{**given, "cash": 1_000.0, "equity": 1_000.0, **changes})


def test_a_day_holds_nothing_later_than_its_moment():
    late = Item(time=NOW + timedelta(microseconds=1), symbol="A", text="tomorrow it rises")
    assert a_day(items=(late.altered({"time": NOW}),))
    with pytest.raises(ValidationError, match="later than"):
        a_day(items=(late,))


def test_a_days_last_close_is_its_close():
    with pytest.raises(ValidationError, match="last of `closes`"):
        a_day(closes=(10.0, 11.0))


@pytest.mark.parametrize("kind", ["argument", "reflection"])
def test_a_market_tells_nothing_in_the_name_of_agents(kind):
    with pytest.raises(ValidationError, match="what agents say"):
        Item(time=NOW, symbol="A", kind=kind, text="buy")


@pytest.mark.parametrize(
    "given", [{"side": "buy"}, {"side": "hold", "shares": 1}, {"side": "sell", "shares": 0}]
)
def test_an_order_of_no_shares_is_a_hold_and_no_other(given):
    with pytest.raises(ValidationError, match="only a hold"):
        Order(**given)


@given(
    side=st.sampled_from(["buy", "sell", "hold"]),
    size=st.floats(0, 1),
    close=st.floats(0.01, 10_000),
    position=st.integers(-1_000, 1_000),
    cash=st.floats(-1e5, 1e6),
    limit=st.floats(0, 1),
    short=st.booleans(),
)
def test_an_order_never_exceeds_cash_limit_or_what_is_held(side, size, close, position, cash, limit, short):
    equity = cash + position * close
    day = a_day(close=close, closes=(close,), position=position, cash=cash, equity=equity)
    order = sized(Decision(side=side, size=size), day, limit, short=short)
    after = position + {"buy": 1, "sell": -1, "hold": 0}[order.side] * order.shares
    if order.side == "buy":
        assert after * close <= max(0.0, equity) * limit * (1 + 1e-9)
        assert position < 0 or order.shares * close <= cash * (1 + 1e-9)
    if order.side == "sell" and position > 0:
        assert after >= 0
    if order.side == "sell" and position <= 0:
        assert short
        assert -after * close <= max(0.0, equity) * limit * (1 + 1e-9)
    if size == 0 or side == "hold":
        assert order == HOLD


def test_a_sale_of_all_sells_all_and_a_small_one_at_least_one():
    day = a_day(position=3)
    assert sized(Decision(side="sell", size=1), day, 1.0) == Order(side="sell", shares=3)
    assert sized(Decision(side="sell", size=0.01), day, 1.0) == Order(side="sell", shares=1)
    assert sized(Decision(side="sell", size=0.29), a_day(position=100), 1.0) == Order(side="sell", shares=29)


def test_a_limit_beyond_the_account_is_refused():
    with pytest.raises(InvalidInput, match="limit"):
        sized(Decision(side="buy", size=1), a_day(), 1.5)
