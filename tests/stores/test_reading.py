"""Stores that only read: the history baselines and the composite; and the coroutines of all."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from agentmem.bank import Bank, MemorySpec
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import ChangeSet, Event, Record
from agentmem.stores import MemoryStore, register

NS = ("default",)


@register
class Shouting(MemoryStore):
    """Every observation in capitals."""

    name = "capitals"

    def apply(self, event, view):
        if event.store:
            return ChangeSet()
        text = event.text.upper()
        return ChangeSet(records=(Record(id=view.new_id(), text=text, indexed={"text": text}),))


@pytest.fixture
def told(bank: Bank) -> Bank:
    bank.store().observe(*(Event(id=str(n), text=f"turn {n} of the talk") for n in range(30)))
    return bank


def composite(bank: Bank, *members: str, **options) -> MemoryStore:
    spec = MemorySpec(
        store="composite", members=tuple(MemorySpec(store=one) for one in members), options=options
    )
    return bank.store(spec)


def test_the_whole_history_is_everything_from_the_beginning(told: Bank):
    hits = told.store("full").recall("whatever")
    assert [hit.id for hit in hits] == [str(n) for n in range(30)]


def test_the_truncated_history_is_the_newest_that_the_budget_holds(told: Bank):
    context = told.store("truncated").synthesize("", 200)
    assert context.tokens <= 200
    assert "turn 29 " in context.text
    assert "turn 0 " not in context.text
    assert context.left_out


def test_the_sliding_history_is_a_window(told: Bank):
    assert [hit.id for hit in told.store("sliding").recall("")] == [str(n) for n in range(29, 9, -1)]
    spec = MemorySpec(store="sliding", options={"window": 3})
    assert [hit.id for hit in told.store(spec).recall("turn 1")] == ["29", "28", "27"]


def test_an_option_that_there_is_not(told: Bank):
    with pytest.raises(InvalidInput, match="windows"):
        told.store(MemorySpec(store="sliding", options={"windows": 3}))
    with pytest.raises(NotFound, match="nonsense"):
        told.store("nonsense")


def test_baselines_leave_out_what_was_forgotten(told: Bank):
    told.forget(NS, events=["29"])
    assert "29" not in {hit.id for hit in told.store("full").recall("")}
    assert told.verify() == []


def test_a_composite_shows_each_source_once(told: Bank):
    hits = composite(told, "episodic", "capitals").recall("turn 3 of the talk", k=60)
    sources = [source for hit in hits for source in hit.record.sources]
    assert len(sources) == len(set(sources))


def test_a_composite_keeps_the_budget_and_the_sources(told: Bank):
    store = composite(told, "episodic", "capitals", weights=[3, 1])
    context = store.synthesize("turn 3 of the talk", 300)
    assert context.tokens <= 300
    assert {item.id for item in context.items} <= {hit.id for hit in store.recall("turn 3 of the talk")}
    assert len({item.label for item in context.items}) == len(context.items)


def test_a_composite_of_two_that_read_the_same_records_shows_each_once(told: Bank):
    context = composite(told, "episodic", "sliding").synthesize("turn 28 of the talk", 2_000)
    ids = [item.id for item in context.items]
    assert len(ids) == len(set(ids))


def test_a_composite_joins_namespaces_that_are_named(told: Bank):
    told.store(namespace=("acme", "shared")).observe(Event(id="s", text="the shared turn"))
    told.store(namespace=("acme", "other")).observe(Event(id="o", text="another turn"))
    hits = composite(told, "episodic", shared=["acme/shared"]).recall("turn", k=60)
    assert {hit.record.namespace for hit in hits} == {NS, ("acme", "shared")}


def test_what_is_put_into_a_composite_goes_to_its_first_member(bank: Bank):
    store = composite(bank, "capitals", "episodic")
    store.put("k", "value")
    assert [record.store for record in store.select()] == ["capitals"]
    store.observe("hello")
    assert {record.text for record in bank.store("capitals").select()} == {"value", "HELLO"}


@pytest.mark.parametrize("weights", [[1], [1, 2, 3], [1, 0], [1, -1]])
def test_a_composite_needs_a_weight_for_each_member(bank: Bank, weights: list[float]):
    with pytest.raises(InvalidInput, match="weights"):
        composite(bank, "episodic", "capitals", weights=weights)


def test_a_store_is_cheap_and_cached(bank: Bank):
    assert bank.store("sliding") is bank.store(MemorySpec(store="sliding"))


def test_every_method_has_its_coroutine(told: Bank):
    store = told.store()
    names = "observe recall explain synthesize feedback advance get select put correct retract history pending retry"
    for name in names.split():
        assert inspect.iscoroutinefunction(getattr(store, f"a{name}")), name
        assert getattr(store, f"a{name}").__doc__ == getattr(store, name).__doc__

    async def main() -> None:
        await store.aobserve(Event(id="a", text="the quince"))
        assert (await store.arecall("quince"))[0].id == "a"
        assert (await store.aexplain("quince", "a")).recalled
        await store.aput("k", "v")
        await store.acorrect("a", "the medlar")
        assert (await store.ahistory("a"))[0].record.text == "the quince"
        assert await store.apending() == await store.aretry() == []
        with pytest.raises(NotFound):
            await store.aretract(["nobody"])

    asyncio.run(main())
