"""Lots and states: what a day teaches about earlier decisions, and what it must not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.agents.trading.lots import after
from agentmem.agents.trading.state import AgentState, begun, decided
from agentmem.agents.trading.values import Day, Decision, Fill
from agentmem.errors import InvalidInput

FIRST = date(2020, 3, 2)


def day(place: int, close: float = 10.0, **given) -> Day:
    on = FIRST + timedelta(days=place)
    now = datetime(on.year, on.month, on.day, 21, tzinfo=UTC)
    return Day(date=on, now=now, symbol="A", close=close, closes=(close,), **{"equity": 100.0, **given})


def fill(place: int, side: str, shares: int, price: float = 10.0, cost: float = 0.0, **given) -> Fill:
    return Fill(
        date=FIRST + timedelta(days=place),
        symbol="A",
        side=side,
        shares=shares,
        price=price,
        cost=cost,
        **given,
    )


def begin(state, today, fills=(), warm=False):
    return begun(state, today, fills, warm=warm, horizon=3)


BUY = Decision(side="buy", size=0.5, cited=("m1", "m2"))

fills = st.lists(
    st.tuples(st.sampled_from(["buy", "sell"]), st.integers(1, 50), st.floats(1, 100), st.floats(0, 5)),
    max_size=20,
)


@given(fills)
def test_lots_add_up_to_the_position_and_their_returns_to_the_money_made(done):
    lots, position, cash, gained = (), 0, 0.0, 0.0
    for place, (side, shares, price, cost) in enumerate(done):
        sign = 1 if side == "buy" else -1
        lots, closed = after(lots, fill(place, side, shares, price, cost), FIRST, ())
        position += sign * shares
        cash -= sign * shares * price + cost
        assert sum(lot.shares * (1 if lot.side == "buy" else -1) for lot in lots) == position
        assert len({lot.side for lot in lots}) <= 1
        left = shares
        for lot, value in closed:
            taken = min(left, lot.shares)
            left -= taken
            gained += value * lot.price * taken
    held = sum((lot.price * (1 if lot.side == "buy" else -1) + lot.cost) * lot.shares for lot in lots)
    assert cash == pytest.approx(gained - held, abs=1e-6)


def test_what_was_bought_first_is_sold_first():
    lots, _ = after((), fill(0, "buy", 10, 10.0), FIRST, ("old",))
    lots, _ = after(lots, fill(1, "buy", 10, 20.0), FIRST, ("new",))
    lots, closed = after(lots, fill(2, "sell", 15, 15.0), FIRST, ())
    assert [(lot.cited, round(value, 6)) for lot, value in closed] == [(("old",), 0.5), (("new",), -0.25)]
    assert [(lot.cited, lot.shares) for lot in lots] == [(("new",), 5)]


def test_a_warm_up_teaches_a_decision_as_soon_as_the_next_close_is_known():
    state = decided(begin(AgentState(), day(0, 10.0), warm=True), day(0, 10.0), BUY, BUY.cited)
    assert state.lessons == ()
    (lesson,) = begin(state, day(1, 9.0), warm=True).lessons
    assert lesson.about == BUY.cited
    assert lesson.value == pytest.approx(-0.1)
    sold = state.altered({"awaiting": state.awaiting.altered({"side": "sell"})})
    assert begin(sold, day(1, 9.0), warm=True).lessons[0].value == pytest.approx(0.1)
    held = state.altered({"awaiting": state.awaiting.altered({"side": "hold"})})
    assert begin(held, day(1, 9.0), warm=True).lessons == ()


def test_the_test_judges_no_decision_of_the_warm_up():
    state = decided(begin(AgentState(), day(0), warm=True), day(0), BUY, BUY.cited)
    first = begin(state, day(1, 20.0), warm=False)
    assert first == AgentState(warm=False, equity=100.0)


def test_in_the_test_a_decision_is_judged_when_its_position_is_closed():
    state = decided(begin(AgentState(), day(0)), day(0), BUY, BUY.cited)
    state = begin(state, day(1, position=10), [fill(1, "buy", 10, 10.0, decided=FIRST)])
    assert state.lessons == ()
    sell = Decision(side="sell", size=1, cited=("s",))
    state = decided(state, day(1), sell, sell.cited)
    state = begin(state, day(2, 30.0, position=0), [fill(2, "sell", 10, 12.0, realised=20.0)])
    (lesson,) = state.lessons
    assert (lesson.about, lesson.value) == (BUY.cited, pytest.approx(0.2))
    assert state.realised == 20.0
    assert state.lots == ()


def test_costs_make_a_small_gain_a_loss():
    lots, _ = after((), fill(0, "buy", 10, 10.0, 3.0), FIRST, ("m",))
    _, ((_, value),) = after(lots, fill(1, "sell", 10, 10.5, 3.0), FIRST, ())
    assert value == pytest.approx((0.5 - 0.6) / 10)


def test_a_position_that_is_gone_leaves_no_lots():
    state = begin(AgentState(), day(0))
    state = decided(state, day(0), BUY, BUY.cited)
    assert begin(state, day(1, position=0), [fill(1, "buy", 10)]).lots == ()


def test_returns_are_those_of_the_account_and_only_the_last_ones_are_kept():
    state = AgentState()
    for place, equity in enumerate((100.0, 110.0, 99.0, 99.0, 198.0)):
        state = decided(begin(state, day(place, equity=equity)), day(place), Decision(side="hold"), ())
    assert state.returns == pytest.approx((-0.1, 0.0, 1.0))


@pytest.mark.parametrize(
    ("today", "given", "warm", "message"),
    [
        (day(0), (), False, "not later"),
        (day(1), (), True, "cannot follow"),
        (day(1), (fill(2, "buy", 1),), False, "told on"),
        (day(1), (fill(1, "buy", 1).altered({"symbol": "B"}),), False, "a fill of 'B'"),
    ],
)
def test_what_does_not_follow_is_refused(today, given, warm, message):
    state = decided(begin(AgentState(), day(0)), day(0), Decision(side="hold"), ())
    with pytest.raises(InvalidInput, match=message):
        begin(state, today, given, warm)


def test_nothing_is_filled_on_paper():
    with pytest.raises(InvalidInput, match="on paper"):
        begin(AgentState(), day(1), [fill(1, "buy", 1)], warm=True)


def test_a_state_is_json_and_back():
    state = decided(begin(AgentState(), day(0)), day(0), BUY, BUY.cited)
    state = begin(state, day(1, position=10), [fill(1, "buy", 10)])
    state = decided(state, day(1), BUY, BUY.cited)
    assert AgentState.model_validate_json(state.model_dump_json()) == state
