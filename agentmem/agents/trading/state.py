"""What a trading agent needs to go on from day to day, beside its memory: a value that is kept as JSON."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from agentmem.agents.trading.lots import Lesson, Lot, after
from agentmem.agents.trading.values import Amount, Day, Decision, Fill, Price, Share, Side
from agentmem.errors import InvalidInput
from agentmem.records import Text, Value


class Made(Value):
    """A decision as it is remembered until its outcome is known.

    Attributes:
        date: The day.
        side: What was decided, by the agent or by all in a debate.
        size: How much of it.
        close: The price that the decision saw.
        cited: Ids of the memories that it rests on.
        confidence: How sure it was.
    """

    date: datetime.date
    side: Side
    size: Share
    close: Price
    cited: tuple[Text, ...] = ()
    confidence: Share = 0.0

    def earned(self, close: float) -> float:
        """The return of its side at a later close, as a fraction; 0 for a hold."""
        direction = {"buy": 1, "sell": -1, "hold": 0}[self.side]
        return direction * (close / self.close - 1)


class AgentState(Value):
    """Where an agent stands after a day.

    Attributes:
        days: How many days it has decided on, in this period.
        last: The last of them.
        warm: Whether that was in the warm-up.
        awaiting: Its last decision, of which nothing has come yet.
        lots: Its open positions.
        lessons: What is known and not yet in its memory.
        window: The decisions since the last extended reflection.
        realised: What was realised since then, in money.
        returns: The account's last daily returns, the oldest first, as fractions.
        equity: The account's worth on the last day.
    """

    days: Annotated[int, Field(ge=0)] = 0
    last: datetime.date | None = None
    warm: bool = True
    awaiting: Made | None = None
    lots: tuple[Lot, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    window: tuple[Made, ...] = ()
    realised: Amount = 0.0
    returns: tuple[float, ...] = ()
    equity: float | None = None


def begun(state: AgentState, day: Day, fills: Sequence[Fill], *, warm: bool, horizon: int) -> AgentState:
    """The state at the beginning of a day: what has become known of earlier decisions is learned from.

    In the warm-up trades are on paper: the memories that a decision cited get the return of its side as soon
    as the next day's close is known. In the test they get what a position realises when it is closed, by its
    lots. Between the two nothing is carried over but memory: the last decision on paper is never judged by a
    day of the test.

    Args:
        state: After the day before.
        day: The day.
        fills: What became of the orders since; none is later than the day.
        warm: Whether it is a day of the warm-up.
        horizon: How many daily returns are kept.

    Raises:
        InvalidInput: the day is not later than the last one, a warm-up follows on a test, or a fill is of the
            future, of another security, or of the warm-up.
    """
    _check(state, day, fills, warm=warm)
    if state.last is None or warm != state.warm:
        state = AgentState(lessons=state.lessons)
    lots, lessons = state.lots, list[tuple[tuple[str, ...], float]]()
    judged = state.awaiting
    if warm:
        earned = judged.earned(day.close) * judged.size if judged else 0.0
        if judged is not None and judged.earned(day.close):
            lessons.append((judged.cited, judged.earned(day.close)))
    else:
        earned = day.equity / state.equity - 1 if state.equity and state.equity > 0 else 0.0
        for fill in fills:
            own = judged is not None and fill.decided in (None, judged.date) and judged.side == fill.side
            cited = judged.cited if own and judged is not None else ()
            lots, closed = after(lots, fill, fill.decided or (state.last or fill.date), cited)
            lessons += [(lot.cited, value) for lot, value in closed]
    held = "buy" if day.position > 0 else "sell" if day.position < 0 else "hold"
    known = {lesson.id for lesson in state.lessons}
    made = [
        Lesson(id=f"{day.date.isoformat()}/lesson/{place}", about=about, value=value)
        for place, (about, value) in enumerate(lessons)
        if about and value
    ]
    return state.altered(
        {
            "warm": warm,
            "awaiting": None,
            "lots": tuple(lot for lot in lots if lot.side == held),  # a split may leave shares of no order
            "lessons": (*state.lessons, *(one for one in made if one.id not in known)),
            "realised": state.realised + sum(fill.realised for fill in fills),
            "returns": (*state.returns, earned)[-horizon:] if state.last is not None else (),
            "equity": day.equity,
        }
    )


def decided(state: AgentState, day: Day, decision: Decision, cited: Sequence[str]) -> AgentState:
    """The state after a day, on which this was decided.

    Args:
        state: As it began.
        day: The day.
        decision: What was decided, by the agent or by all.
        cited: The agent's own memories that the decision rests on; none where it was against it.
    """
    made = Made(
        date=day.date,
        side=decision.side,
        size=decision.size,
        close=day.close,
        cited=tuple(cited),
        confidence=decision.confidence,
    )
    return state.altered(
        {"days": state.days + 1, "last": day.date, "awaiting": made, "window": (*state.window, made)}
    )


def _check(state: AgentState, day: Day, fills: Sequence[Fill], *, warm: bool) -> None:
    if state.last is not None and day.date <= state.last:
        raise InvalidInput(
            f"{day.date} is not later than {state.last}, the last day of this state", "give days in order"
        )
    if state.last is not None and warm and not state.warm:
        raise InvalidInput(
            f"{day.date}: a warm-up cannot follow on a test", "begin with a new state and memory"
        )
    if warm and fills:
        raise InvalidInput(f"{day.date}: fills in a warm-up", "it trades on paper: give none")
    for fill in fills:
        if fill.date > day.date:
            raise InvalidInput(f"a fill of {fill.date} is told on {day.date}", "tell it on its day")
        if fill.symbol != day.symbol:
            raise InvalidInput(
                f"a fill of {fill.symbol!r} on a day of {day.symbol!r}", "give it to its agent"
            )
