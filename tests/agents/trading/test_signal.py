"""The policy `signal`: it reads memories and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from agentmem.agents.debate import Position, Shared
from agentmem.agents.trading.character import AVERSE, SEEKING, Character, Profile
from agentmem.agents.trading.policy import Briefing
from agentmem.agents.trading.recalled import Recalled
from agentmem.agents.trading.signal import SignalPolicy, judged
from agentmem.agents.trading.values import Day

PLAIN = Character(name="plain")
GOOD, BAD, DULL = "it rose", "it fell", "it is Monday"
SIGNAL = SignalPolicy()


def memories(*texts: str, layer: str = "shallow", weight: float = 1.0) -> tuple[Recalled, ...]:
    return tuple(
        Recalled(id=f"{layer}-{place}", text=text, layer=layer, weight=weight)
        for place, text in enumerate(texts)
    )


def briefing(told, character=PLAIN, closes=(10.0,), **day) -> Briefing:
    today = Day(
        date=date(2020, 3, 2),
        now=datetime(2020, 3, 2, 21, tzinfo=UTC),
        symbol="A",
        close=closes[-1],
        closes=closes,
        **day,
    )
    return Briefing(profile=Profile(name="a", symbol="A"), character=character, day=today, memories=told)


texts = st.lists(st.sampled_from([GOOD, BAD, DULL, "profit beat forecasts", "a lawsuit"]), max_size=8)


@given(texts, st.lists(st.floats(1, 1e4), min_size=1, max_size=5), st.integers(-9, 9), st.floats(0, 1e6))
def test_prices_and_the_account_play_no_part(told, closes, position, cash):
    same = SIGNAL.decide(briefing(memories(*told)))
    assert (
        SIGNAL.decide(briefing(memories(*told), closes=tuple(closes), position=position, cash=cash)) == same
    )


@given(texts, st.sampled_from([PLAIN, SEEKING, AVERSE]))
def test_what_is_cited_speaks_for_the_side(told, character):
    held = memories(*told)
    decision = judged(held, character, 3)
    text_of = {one.id: one.text for one in held}
    against = {"buy": {BAD, DULL, "a lawsuit"}, "sell": {GOOD, DULL, "profit beat forecasts"}}
    assert len(decision.cited) <= 3
    assert not {text_of[id] for id in decision.cited} & against.get(decision.side, set(text_of.values()))
    assert decision.side == "hold" or (decision.cited and 0 < decision.size <= 1)


def test_nothing_remembered_means_to_hold_without_confidence():
    decision = SIGNAL.decide(briefing(()))
    assert (decision.side, decision.size, decision.confidence) == ("hold", 0, 0)


def test_the_weightiest_memory_is_cited_first():
    light, heavy = memories(GOOD, weight=0.5), memories(GOOD, layer="deep", weight=2.0)
    assert judged((*light, *heavy), PLAIN, 2).cited == ("deep-0", "shallow-0")


def test_weights_within_a_layer_decide():
    for_it, against = memories(GOOD, weight=2.0), memories(DULL, BAD, weight=0.5)[1:]
    assert judged((*for_it, *against), PLAIN, 5).side == "buy"
    assert (
        judged((*memories(GOOD, weight=0.5), *memories(DULL, BAD, weight=2.0)[1:]), PLAIN, 5).side == "sell"
    )
    assert judged(memories(GOOD, GOOD, BAD, weight=0.0), PLAIN, 5).side == "buy"


def test_the_averse_weigh_losses_and_reports_more():
    mixed = memories(GOOD, BAD)
    assert judged(mixed, SEEKING, 5).side == "hold"
    assert judged(mixed, AVERSE, 5).side == "sell"
    news, report = memories(GOOD, layer="shallow"), memories(BAD, layer="deep")
    assert judged((*news, *report), SEEKING, 5).side == "buy"
    assert judged((*news, *report), AVERSE, 5).side == "sell"
    assert judged(memories(GOOD), AVERSE, 5).size < judged(memories(GOOD), SEEKING, 5).size


def test_shared_memories_count_by_openness_once_and_are_never_cited():
    own = memories(DULL)
    shared = (Shared(id="x", text=BAD, layer="shallow"), Shared(id="y", text=DULL, layer="shallow"))
    other = Position(speaker="b", choice="sell", shared=shared)
    mine = Position(speaker="a", choice="hold")
    asked = briefing(own)
    once, twice = SIGNAL.answer(asked, mine, [other]), SIGNAL.answer(asked, mine, [other, other])
    assert once == twice
    assert once.side == "sell"
    assert once.cited == ()
    closed = briefing(own, PLAIN.altered({"openness": 0.0}))
    assert SIGNAL.answer(closed, mine, [other]).side == "hold"
