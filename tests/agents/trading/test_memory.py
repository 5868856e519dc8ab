"""The memory of one agent: nothing of the future, nothing twice, nobody's word for somebody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agentmem.agents.trading.character import AVERSE, SEEKING
from agentmem.agents.trading.lots import Lesson
from agentmem.agents.trading.memories import NAMES, memory_of
from agentmem.agents.trading.memory import TODAY, TradingMemory
from agentmem.agents.trading.values import ARGUMENT, Item
from agentmem.errors import Conflict, InvalidInput, NotFound, Refused
from agentmem.records import Event, State, Trust
from agentmem.stores.layered.changes import REFLECTS

HOME = ("market", "a", "ACME")
COMPOSITE = '{"store": "composite", "members": [{"store": "layered"}, {"store": "episodic"}]}'
SUMS = ("layered+flat", "sliding+layered")
KEEPING = ("layered", "flat", "flat-recency", "sliding", COMPOSITE, '{"store": "episodic"}', *SUMS)


def memory_in(bank, name: str, k: int = 5) -> TradingMemory:
    return TradingMemory(bank, HOME, memory_of(name, k=k), session="a/ACME")


def learned(bank, name: str, trading, days: int, k: int = 5) -> TradingMemory:
    memory, market = memory_in(bank, name, k), trading()
    for place in range(days):
        memory.learn(market.day(place))
    return memory


@pytest.mark.parametrize("name", KEEPING)
def test_what_lies_in_the_future_is_not_recalled(bank, trading, name):
    memory = learned(bank, name, trading, 3)
    today = trading().day(2)
    planted = Event(
        id="planted",
        type="news",
        text="ACME rose strongly tomorrow",
        time=today.now + timedelta(seconds=1),
        data={"symbol": "ACME", "importance": 100},
    )
    said = planted.altered({"id": "said", "type": ARGUMENT, "actor": "b"})
    memory.store.observe(planted, said)
    assert len(memory.recall("ACME tomorrow", today)) == 3
    assert all(one.time <= today.now for one in memory.recall("ACME tomorrow", today))
    assert memory.heard("ACME tomorrow", today, 5) == ()
    tomorrow = trading().day(3)
    assert "ACME rose strongly tomorrow" in [one.text for one in memory.recall("ACME tomorrow", tomorrow)]
    assert [one.actor for one in memory.heard("ACME tomorrow", tomorrow, 5)] == ["b"]


@pytest.mark.parametrize("name", KEEPING)
def test_a_day_that_was_cut_off_is_done_again_without_a_trace(bank, trading, name):
    memory, market = learned(bank, name, trading, 2), trading()
    ids = [one.id for one in memory.recall("ACME", market.day(1))]
    lessons = [Lesson(id="2020-03-04/lesson/0", about=tuple(ids), value=0.1)]
    thought = memory.reflection("It went well", ids, market.day(2))
    memory.learn(market.day(2), lessons, thought)
    told = memory.recall("ACME", market.day(2))
    memory.hear(market.day(2), [("b", "would buy")], 30)
    records = memory.store.select()
    for _ in range(2):
        memory.learn(market.day(2), lessons, thought)
        again = memory.recall("ACME", market.day(2))
        assert again == told or memory.plan.rank == "own"
        assert {one.text for one in again} == {one.text for one in told}
        memory.hear(market.day(2), [("b", "would sell after all")], 30)
    assert memory.store.select() == records
    assert memory.reflected(market.day(2)) == "It went well"
    assert memory.reflected(market.day(1)) == ""
    assert bank.verify() == []


@pytest.mark.parametrize("name", KEEPING)
def test_arguments_are_the_word_of_agents_and_apart_from_what_a_decision_rests_on(bank, trading, name):
    memory = learned(bank, name, trading, 1)
    memory.hear(trading().day(0), [("b", "would buy ACME"), ("a", "would hold ACME")], 30)
    today = trading().day(1)
    assert {one.kind for one in memory.recall("ACME", today)} == {"news"}
    heard = memory.heard("ACME", today, 5)
    assert sorted((one.actor, one.text) for one in heard) == [
        ("a", "would hold ACME"),
        ("b", "would buy ACME"),
    ]
    assert {one.trust for one in heard} == {Trust.AGENT}
    assert len(memory.heard("ACME", today, 1)) == 1
    assert memory.heard("ACME", trading().day(0), 5) == ()


def test_news_are_the_word_of_strangers_and_what_is_reckoned_is_a_tools(bank, trading):
    memory, today = memory_in(bank, "layered"), trading().day(0)
    reckoned = today.items[0].altered({"text": "reckoned", "derived": True})
    memory.learn(today.altered({"items": (*today.items, reckoned)}))
    trusts = {one.text: one.trust for one in memory.recall("ACME", today)}
    assert trusts == {today.items[0].text: Trust.WEB, "reckoned": Trust.TOOL}


def test_layers_are_recalled_apart_and_a_flat_memory_shows_as_many_in_all(bank, trading):
    layered = learned(bank, "layered", trading, 10, k=2)
    told = layered.recall("ACME", trading().day(7))
    by_layer = {name: [one for one in told if one.layer == name] for name in {one.layer for one in told}}
    assert all(len(found) <= 2 for found in by_layer.values())
    assert all(
        [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
        for found in by_layer.values()
    )
    assert {"shallow", "intermediate", "deep"} == set(by_layer)
    assert set(told[0].parts) == {"recency", "relevance", "importance"}
    for name in ("flat", "flat-recency", "sliding"):
        memory = TradingMemory(bank, HOME, memory_of(name, k=2), session="a/ACME")
        assert len(memory.recall("ACME", trading().day(9))) == 8


def test_recency_prefers_the_newer_of_two_that_mean_the_same(bank, trading):
    memory, market = memory_in(bank, "flat-recency"), trading()
    for place in (0, 9):
        day = market.day(place)
        memory.learn(day.altered({"items": (Item(time=day.now, symbol="ACME", text="the same"),)}))
    first, second = memory.recall("the same", market.day(9))
    assert (first.time, second.time) == (market.day(9).now, market.day(0).now)
    assert first.weight > second.weight


def test_an_agent_without_memory_has_what_the_day_tells(bank, trading):
    memory, today = memory_in(bank, "none"), trading().day(0)
    memory.learn(today, [Lesson(id="l", about=("x",), value=1.0)])
    assert [(one.text, one.layer) for one in memory.recall("ACME", today)] == [(today.items[0].text, TODAY)]
    assert memory.recall("ACME", trading().day(1, items=())) == ()
    assert memory.reflection("thought", ["x"], today) is None
    assert bank.namespaces() == []


def test_a_profit_raises_what_was_cited_and_a_loss_lowers_it(bank, trading):
    memory, market = learned(bank, "layered", trading, 2), trading()
    good, bad = memory.recall("ACME", market.day(1))
    lessons = [Lesson(id="1", about=(good.id,), value=0.01), Lesson(id="2", about=(bad.id,), value=-0.5)]
    before = {one.id: one.importance for one in memory.recall("ACME", market.day(2))}
    memory.learn(market.day(2, items=()), lessons)
    after = {one.id: one.importance for one in memory.recall("ACME", market.day(2))}
    assert after[good.id] == pytest.approx(before[good.id] + 5, abs=1e-6)
    assert after[bad.id] == pytest.approx(before[bad.id] - 5, abs=1e-6)
    (given, *_) = [one for one in bank.view(HOME, store="layered").operations() if one.type == "feedback"]
    assert given.trust is Trust.AGENT
    assert given.time == market.day(2).now


@pytest.mark.parametrize("name", ["layered", "flat"])
def test_of_what_was_forgotten_nothing_is_learned(bank, trading, name):
    memory, market = learned(bank, name, trading, 2), trading()
    gone, there = memory.recall("ACME", market.day(1))
    bank.forget(HOME, records=[gone.id])
    memory.learn(
        market.day(2),
        [Lesson(id="1", about=(gone.id, there.id), value=1), Lesson(id="2", about=(gone.id,), value=1)],
    )
    assert memory.cited([gone.id, there.id, there.id])[0].id == there.id
    assert len(memory.cited([gone.id, there.id, there.id])) == 1


def test_a_reflection_is_linked_to_what_it_is_about_and_recalled_in_its_layer(bank, trading):
    memory, market = learned(bank, "layered", trading, 2), trading()
    cited = [one.id for one in memory.recall("ACME", market.day(1))]
    memory.learn(market.day(2), reflection=memory.reflection("ACME rewards patience", cited, market.day(2)))
    (thought,) = [one for one in memory.recall("patience", market.day(2)) if one.layer == "reflection"]
    assert (thought.text, thought.kind) == ("ACME rewards patience", "reflection")
    links = bank.view(HOME, store="layered").links([thought.id])
    assert {link.target for link in links if link.type == REFLECTS} == set(cited)
    assert thought.trust is Trust.WEB  # no more than what it rests on


def test_a_reflection_on_nothing_is_a_thought_all_the_same(bank, trading):
    memory, market = memory_in(bank, "layered"), trading()
    memory.learn(market.day(0, items=()), reflection=memory.reflection("held", ["gone"], market.day(0)))
    (thought,) = memory.recall("held", market.day(0))
    assert (thought.layer, thought.trust) == ("reflection", Trust.AGENT)


def test_time_passes_with_what_is_learned_and_does_not_go_back(bank, trading):
    memory, market = learned(bank, "layered", trading, 1), trading()
    far = market.day(9, items=()).altered({"now": market.day(0).now + timedelta(days=200)})
    memory.learn(
        far.altered({"items": (Item(time=far.now, symbol="ACME", text="late news", importance=50),)})
    )
    faded = [one for one in memory.store.select() if one.state is State.FADED]
    assert [one.text for one in faded] == [market.day(0).items[0].text]
    with pytest.raises(Refused, match="time cannot go back"):
        memory.learn(market.day(1))


def test_a_day_with_nothing_to_keep_writes_nothing(bank, trading):
    memory, market = learned(bank, "layered", trading, 1), trading()
    before = bank.changes(HOME)
    memory.learn(market.day(1, items=()))
    assert bank.changes(HOME) == before


def test_another_market_under_the_same_days_is_noticed(bank, trading):
    memory, market = learned(bank, "layered", trading, 1), trading()
    other = market.day(0).items[0].altered({"text": "something else"})
    with pytest.raises(Conflict):
        memory.learn(market.day(0, items=(other,)))


def test_a_memory_ranks_by_the_weights_of_its_character(bank, trading):
    ranks = {}
    for one in (SEEKING, AVERSE):
        memory = TradingMemory(bank, ("m", one.name), memory_of("layered", one), session=one.name)
        memory.learn(trading().day(3))
        (told,) = memory.recall("ACME", trading().day(3))
        ranks[one.name] = told.parts
    assert ranks["seeking"]["recency"] == pytest.approx(ranks["averse"]["recency"] * 1.5, rel=1e-3)
    assert ranks["averse"]["importance"] == pytest.approx(ranks["seeking"]["importance"] * 1.5, rel=1e-3)


def test_in_a_sum_layers_rank_by_the_weights_of_the_character():
    spec = memory_of("flat+layered", SEEKING).spec
    assert spec.part("layered") == memory_of("layered", SEEKING).spec
    assert spec.part("episodic").options == {}


def test_names_are_told_and_wrong_ones_refused():
    assert all(memory_of(name).name == name for name in NAMES)
    assert memory_of(COMPOSITE).name == "composite"
    assert memory_of("layered + flat").name == "layered + flat"
    assert memory_of("profile").spec.store == "profile"
    for wrong in ("{", '{"stor": 1}', "flat+flat"):
        with pytest.raises(InvalidInput):
            memory_of(wrong)
    with pytest.raises(NotFound, match="no store 'fifo' is installed"):
        memory_of("fifo")
    with pytest.raises(NotFound, match="no layer policy"):
        memory_of('{"store": "layered", "options": {"policy": "none"}}', SEEKING)
